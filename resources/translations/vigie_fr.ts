<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr_FR" sourcelanguage="en">
<context>
    <name>Alerts</name>
    <message>
        <source>Workers dead</source>
        <translation>Workers morts</translation>
    </message>
    <message>
        <source>Instances stuck</source>
        <translation>Instances bloquées</translation>
    </message>
    <message>
        <source>Source unreachable</source>
        <translation>Source injoignable</translation>
    </message>
    <message>
        <source>Breakers open</source>
        <translation>Disjoncteurs ouverts</translation>
    </message>
    <message>
        <source>The worker of %1 on %2 is dead.</source>
        <translation>Le worker de %1 sur %2 est mort.</translation>
    </message>
    <message>
        <source>%1 on %2 is over the time limit of its state (%3).</source>
        <translation>%1 sur %2 dépasse la durée limite de son état (%3).</translation>
    </message>
    <message>
        <source>%1 does not answer; what is shown of it is old.</source>
        <translation>%1 ne répond pas ; ce qui en est affiché est ancien.</translation>
    </message>
    <message>
        <source>Our circuit breaker around %1 is open.</source>
        <translation>Notre disjoncteur autour de %1 est ouvert.</translation>
    </message>
    <message>
        <source>The circuit breaker %1 of %2 is open.</source>
        <translation>Le disjoncteur %1 de %2 est ouvert.</translation>
    </message>
    <message>
        <source>Severity</source>
        <translation>Gravité</translation>
    </message>
    <message>
        <source>State</source>
        <translation>État</translation>
    </message>
    <message>
        <source>Alert</source>
        <translation>Alerte</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>Depuis</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>Étiquettes</translation>
    </message>
    <message>
        <source>Alerts</source>
        <translation>Alertes</translation>
    </message>
</context>
<context>
    <name>Breakers</name>
    <message>
        <source>opened %1 times, closed again %2 times</source>
        <translation>ouvert %1 fois, refermé %2 fois</translation>
    </message>
    <message>
        <source>%1, rates from %2 on</source>
        <translation>%1, taux à partir de %2</translation>
    </message>
    <message>
        <source>slow from %1</source>
        <translation>lent à partir de %1</translation>
    </message>
    <message>
        <source>%1, %2 to go</source>
        <translation>%1, reste %2</translation>
    </message>
    <message>
        <source>last %1</source>
        <translation>depuis %1</translation>
    </message>
    <message>
        <source>last %1 calls</source>
        <translation>%1 derniers appels</translation>
    </message>
    <message>
        <source>Failures with nothing in between that would open it: %1</source>
        <translation>Échecs consécutifs qui l’ouvriraient : %1</translation>
    </message>
    <message>
        <source>Slow calls that would open it: %1</source>
        <translation>Appels lents qui l’ouvriraient : %1</translation>
    </message>
    <message>
        <source>%1 of %2 calls in the window took %3 or longer</source>
        <translation>%1 appels sur %2 dans la fenêtre ont pris %3 ou plus</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>Fenêtre</translation>
    </message>
    <message>
        <source>A rate counts from %1 calls on</source>
        <translation>Un taux compte à partir de %1 appels</translation>
    </message>
    <message>
        <source>Opened</source>
        <translation>Ouvertures</translation>
    </message>
    <message>
        <source>Closed again %1 times since its program started</source>
        <translation>Refermé %1 fois depuis le démarrage de son programme</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>Distance to tripping</source>
        <translation>Marge avant ouverture</translation>
    </message>
    <message>
        <source>Override</source>
        <translation>Forçage</translation>
    </message>
    <message>
        <source>%1 by %2: %3</source>
        <translation>%1 par %2 : %3</translation>
    </message>
    <message>
        <source>In force</source>
        <translation>En vigueur</translation>
    </message>
    <message>
        <source>Computed</source>
        <translation>Calculé</translation>
    </message>
    <message>
        <source>Failing</source>
        <translation>Échecs</translation>
    </message>
    <message>
        <source>%1 of %2 calls in the window</source>
        <translation>%1 appels sur %2 dans la fenêtre</translation>
    </message>
    <message>
        <source>Breaker</source>
        <translation>Disjoncteur</translation>
    </message>
    <message>
        <source>Held by</source>
        <translation>Tenu par</translation>
    </message>
    <message>
        <source>this dashboard</source>
        <translation>ce tableau</translation>
    </message>
    <message>
        <source>Next trial</source>
        <translation>Prochain essai</translation>
    </message>
    <message>
        <source>Calls</source>
        <translation>Appels</translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation>Refusés</translation>
    </message>
    <message>
        <source>Slow</source>
        <translation>Lents</translation>
    </message>
    <message>
        <source>When</source>
        <translation>Quand</translation>
    </message>
    <message>
        <source>From</source>
        <translation>De</translation>
    </message>
    <message>
        <source>To</source>
        <translation>À</translation>
    </message>
    <message>
        <source>Cause</source>
        <translation>Cause</translation>
    </message>
    <message>
        <source>%1 of %2 in a row</source>
        <translation>%1 sur %2 d’affilée</translation>
    </message>
    <message>
        <source>%1 % of %2 % failing</source>
        <translation>%1 % sur %2 % d’échecs</translation>
    </message>
    <message>
        <source>%1 % of %2 % slow</source>
        <translation>%1 % sur %2 % lents</translation>
    </message>
    <message>
        <source>%1 more</source>
        <translation>encore %1</translation>
    </message>
    <message>
        <source>until lifted</source>
        <translation>jusqu’à levée</translation>
    </message>
    <message>
        <source>in %1</source>
        <translation>dans %1</translation>
    </message>
    <message>
        <source>with the next call</source>
        <translation>au prochain appel</translation>
    </message>
    <message>
        <source>Breakers</source>
        <translation>Disjoncteurs</translation>
    </message>
</context>
<context>
    <name>Changes</name>
    <message>
        <source>verdict: %1 → %2</source>
        <translation>verdict : %1 → %2</translation>
    </message>
    <message>
        <source>source: %1 → %2</source>
        <translation>source : %1 → %2</translation>
    </message>
    <message>
        <source>%1 → %2</source>
        <translation>%1 → %2</translation>
    </message>
    <message>
        <source>new: %1</source>
        <translation>nouvelle : %1</translation>
    </message>
    <message>
        <source>no longer listed, was: %1</source>
        <translation>plus listée, était : %1</translation>
    </message>
</context>
<context>
    <name>Emptiness</name>
    <message numerus="yes">
        <source>The filter hides all %n row(s).</source>
        <translation>
            <numerusform>Le filtre masque la seule ligne (%n).</numerusform>
            <numerusform>Le filtre masque les %n lignes.</numerusform>
        </translation>
    </message>
    <message>
        <source>Clear the filter</source>
        <translation>Effacer le filtre</translation>
    </message>
    <message>
        <source>Waiting for the first look at the fleet…</source>
        <translation>En attente du premier aperçu de la flotte…</translation>
    </message>
    <message>
        <source>No orchestrator yet. Add one, or watch the demo fleet.</source>
        <translation>Aucun orchestrateur. Ajoutez-en un, ou observez la flotte de démonstration.</translation>
    </message>
    <message>
        <source>Sources…</source>
        <translation>Sources…</translation>
    </message>
    <message>
        <source>Waiting for the first answer of %1…</source>
        <translation>En attente de la première réponse de %1…</translation>
    </message>
    <message>
        <source>Poll now</source>
        <translation>Interroger maintenant</translation>
    </message>
    <message>
        <source>%1 has never answered: %2</source>
        <translation>%1 n’a jamais répondu : %2</translation>
    </message>
    <message>
        <source>Nothing was known here when the sources last answered. Not all of them are live, so this may have changed.</source>
        <translation>Il n’y avait rien ici à la dernière réponse des sources. Toutes ne sont pas en direct : cela a pu changer.</translation>
    </message>
</context>
<context>
    <name>Filter</name>
    <message>
        <source>&apos;!&apos; inverts what follows it: give a term</source>
        <translation>« ! » inverse ce qui suit : donnez un terme</translation>
    </message>
    <message>
        <source>no field &apos;%1&apos; here; fields are: %2</source>
        <translation>pas de champ « %1 » ici ; les champs sont : %2</translation>
    </message>
    <message>
        <source>no field &apos;%1&apos; here; did you mean &apos;%2&apos;?</source>
        <translation>pas de champ « %1 » ici ; vouliez-vous dire « %2 » ?</translation>
    </message>
    <message>
        <source>a value is missing after &apos;%1&apos;</source>
        <translation>il manque une valeur après « %1 »</translation>
    </message>
    <message>
        <source>&apos;%1&apos; is text: write %1:value</source>
        <translation>« %1 » est un texte : écrivez %1:valeur</translation>
    </message>
    <message>
        <source>a number is missing after &apos;%1&apos;</source>
        <translation>il manque un nombre après « %1 »</translation>
    </message>
    <message>
        <source>&apos;%1&apos; is not a number</source>
        <translation>« %1 » n’est pas un nombre</translation>
    </message>
    <message>
        <source>unknown unit &apos;%1&apos;; use ms, s, min, h or d</source>
        <translation>unité « %1 » inconnue ; utilisez ms, s, min, h ou j</translation>
    </message>
    <message>
        <source>unknown unit &apos;%1&apos;; give a plain number</source>
        <translation>unité « %1 » inconnue ; donnez un nombre simple</translation>
    </message>
    <message>
        <source>this quote is never closed</source>
        <translation>ce guillemet n’est jamais fermé</translation>
    </message>
</context>
<context>
    <name>Fleet</name>
    <message>
        <source>Fleet</source>
        <translation>Flotte</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>Verdict</translation>
    </message>
    <message>
        <source>Advice made here; the orchestrator does not judge.</source>
        <translation>Avis rendu ici ; l’orchestrateur ne juge pas.</translation>
    </message>
    <message>
        <source>Held back by %1</source>
        <translation>Retenu par %1</translation>
    </message>
    <message>
        <source>State</source>
        <translation>État</translation>
    </message>
    <message>
        <source>%1, %2 % done</source>
        <translation>%1, fait à %2 %</translation>
    </message>
    <message>
        <source>Orchestrator</source>
        <translation>Orchestrateur</translation>
    </message>
    <message>
        <source>%1: %2, answered %3 ago</source>
        <translation>%1 : %2, a répondu il y a %3</translation>
    </message>
    <message>
        <source>%1: has not answered yet</source>
        <translation>%1 : n’a pas encore répondu</translation>
    </message>
    <message>
        <source>Last 60 beats</source>
        <translation>60 battements</translation>
    </message>
    <message>
        <source>Beat</source>
        <translation>Batt.</translation>
    </message>
    <message>
        <source>Last heartbeat %1</source>
        <translation>Dernier battement %1</translation>
    </message>
    <message>
        <source>As its last beat had it, %1 ago</source>
        <translation>Selon son dernier battement, il y a %1</translation>
    </message>
    <message>
        <source>No heartbeat known</source>
        <translation>Aucun battement connu</translation>
    </message>
    <message>
        <source>In state</source>
        <translation>Durée</translation>
    </message>
    <message>
        <source>%1 of at most %2</source>
        <translation>%1 sur %2 au plus</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>Instance</source>
        <translation>Instance</translation>
    </message>
    <message>
        <source>Provider</source>
        <translation>Fournisseur</translation>
    </message>
    <message>
        <source>Zone</source>
        <translation>Zone</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>Type</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modèle</translation>
    </message>
    <message>
        <source>Phi</source>
        <translation>Phi</translation>
    </message>
    <message>
        <source>GPU</source>
        <translation>GPU</translation>
    </message>
    <message>
        <source>VRAM</source>
        <translation>VRAM</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>File</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Avancée</translation>
    </message>
    <message>
        <source>Retries</source>
        <translation>Essais</translation>
    </message>
    <message>
        <source>Last error</source>
        <translation>Dernière erreur</translation>
    </message>
    <message>
        <source>Per hour</source>
        <translation>Par heure</translation>
    </message>
    <message>
        <source>Cost so far</source>
        <translation>Coût cumulé</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>Correlation id</source>
        <translation>Id de corrélation</translation>
    </message>
</context>
<context>
    <name>HeartbeatStrip</name>
    <message>
        <source>no beats known</source>
        <translation>aucun battement connu</translation>
    </message>
    <message>
        <source>%1 on time, %2 late, %3 missed of %4</source>
        <translation>%1 à l’heure, %2 en retard, %3 manqués sur %4</translation>
    </message>
</context>
<context>
    <name>Inspector</name>
    <message>
        <source>Inspector</source>
        <translation>Inspecteur</translation>
    </message>
    <message>
        <source>Heartbeat</source>
        <translation>Battement</translation>
    </message>
    <message>
        <source>Probe</source>
        <translation>Sonde</translation>
    </message>
    <message>
        <source>Provider</source>
        <translation>Fournisseur</translation>
    </message>
    <message>
        <source>Watcher</source>
        <translation>Veilleur</translation>
    </message>
    <message>
        <source>Orchestrator</source>
        <translation>Orchestrateur</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modèle</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>Type</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>Tries</source>
        <translation>Essais</translation>
    </message>
    <message>
        <source>Cost</source>
        <translation>Coût</translation>
    </message>
    <message>
        <source>%1 per hour, %2 so far</source>
        <translation>%1 par heure, %2 à ce jour</translation>
    </message>
    <message>
        <source>%1 per hour</source>
        <translation>%1 par heure</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>%1 busy</source>
        <translation>occupé à %1</translation>
    </message>
    <message>
        <source>VRAM %1</source>
        <translation>VRAM %1</translation>
    </message>
    <message>
        <source>%1 °C</source>
        <translation>%1 °C</translation>
    </message>
    <message>
        <source>GPU</source>
        <translation>GPU</translation>
    </message>
    <message>
        <source>CPU %1</source>
        <translation>CPU %1</translation>
    </message>
    <message>
        <source>memory %1</source>
        <translation>mémoire %1</translation>
    </message>
    <message>
        <source>disk %1</source>
        <translation>disque %1</translation>
    </message>
    <message>
        <source>Machine</source>
        <translation>Machine</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>File</translation>
    </message>
    <message>
        <source>In state</source>
        <translation>Durée</translation>
    </message>
    <message>
        <source>%1 of at most %2</source>
        <translation>%1 sur %2 au plus</translation>
    </message>
    <message>
        <source>Last beat</source>
        <translation>Dern. batt.</translation>
    </message>
    <message>
        <source>%1 ago: %2</source>
        <translation>il y a %1 : %2</translation>
    </message>
    <message>
        <source>%1 ago</source>
        <translation>il y a %1</translation>
    </message>
    <message>
        <source>Phi</source>
        <translation>Phi</translation>
    </message>
    <message>
        <source>Last error</source>
        <translation>Dernière erreur</translation>
    </message>
    <message>
        <source>Held</source>
        <translation>Retenue</translation>
    </message>
    <message>
        <source>by %1: %2</source>
        <translation>par %1 : %2</translation>
    </message>
    <message>
        <source>Hold ends</source>
        <translation>Jusqu’au</translation>
    </message>
    <message>
        <source>Hold ended</source>
        <translation>Finie le</translation>
    </message>
    <message>
        <source>%1 does not judge by itself: the verdict is this dashboard&apos;s advice.</source>
        <translation>%1 ne juge pas lui-même : le verdict est l’avis de ce tableau de bord.</translation>
    </message>
    <message>
        <source>%1 serves no state history (part B of the contract).</source>
        <translation>%1 ne sert pas l’historique des états (partie B du contrat).</translation>
    </message>
    <message>
        <source>%1 serves no action log.</source>
        <translation>%1 ne sert pas de journal des actions.</translation>
    </message>
    <message>
        <source>The closer look failed: %1</source>
        <translation>L’examen détaillé a échoué : %1</translation>
    </message>
</context>
<context>
    <name>Latency</name>
    <message>
        <source>Latency</source>
        <translation>Latence</translation>
    </message>
    <message>
        <source>Requests of this dashboard</source>
        <translation>Requêtes de ce tableau</translation>
    </message>
    <message>
        <source>Health check of instances</source>
        <translation>Contrôle de santé des instances</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>Source</translation>
    </message>
    <message>
        <source>What is measured</source>
        <translation>Ce qui est mesuré</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>Étiquettes</translation>
    </message>
    <message>
        <source>Count</source>
        <translation>Nombre</translation>
    </message>
</context>
<context>
    <name>Log</name>
    <message>
        <source>Log</source>
        <translation>Journal</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Heure</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>Issue</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>Durée</translation>
    </message>
    <message>
        <source>Reason or error</source>
        <translation>Motif ou erreur</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Action</translation>
    </message>
    <message>
        <source>Instance</source>
        <translation>Instance</translation>
    </message>
    <message>
        <source>By</source>
        <translation>Par</translation>
    </message>
    <message>
        <source>Orchestrator</source>
        <translation>Orchestrateur</translation>
    </message>
    <message>
        <source>Correlation id</source>
        <translation>Id de corrélation</translation>
    </message>
    <message>
        <source>Component</source>
        <translation>Composant</translation>
    </message>
    <message>
        <source>State change</source>
        <translation>Changement d’état</translation>
    </message>
</context>
<context>
    <name>Overview</name>
    <message>
        <source>Overview</source>
        <translation>Aperçu</translation>
    </message>
    <message>
        <source>What is wrong</source>
        <translation>Ce qui ne va pas</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Pourquoi</translation>
    </message>
    <message>
        <source>For</source>
        <translation>Depuis</translation>
    </message>
    <message>
        <source>When</source>
        <translation>Quand</translation>
    </message>
    <message>
        <source>About</source>
        <translation>Objet</translation>
    </message>
    <message>
        <source>What changed</source>
        <translation>Ce qui a changé</translation>
    </message>
    <message>
        <source>Prometheus metrics</source>
        <translation>Métriques Prometheus</translation>
    </message>
    <message>
        <source>orchestrator</source>
        <translation>orchestrateur</translation>
    </message>
    <message>
        <source>orchestrator (part A only)</source>
        <translation>orchestrateur (partie A seule)</translation>
    </message>
    <message>
        <source>kind not known yet</source>
        <translation>nature encore inconnue</translation>
    </message>
    <message>
        <source>on the way</source>
        <translation>en route</translation>
    </message>
    <message numerus="yes">
        <source>over</source>
        <translation>
            <numerusform>finie</numerusform>
            <numerusform>finies</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Problems</name>
    <message>
        <source>zone %1</source>
        <translation>zone %1</translation>
    </message>
    <message>
        <source>provider %1</source>
        <translation>fournisseur %1</translation>
    </message>
    <message>
        <source>model %1</source>
        <translation>modèle %1</translation>
    </message>
    <message>
        <source>orchestrator %1</source>
        <translation>orchestrateur %1</translation>
    </message>
    <message numerus="yes">
        <source>%n dead</source>
        <translation>
            <numerusform>%n morte</numerusform>
            <numerusform>%n mortes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n suspect</source>
        <translation>
            <numerusform>%n suspecte</numerusform>
            <numerusform>%n suspectes</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 in %2</source>
        <translation>%1 : %2</translation>
    </message>
    <message>
        <source>%1 of %2 there: look for a common cause</source>
        <translation>%1 sur %2 à cet endroit : cherchez une cause commune</translation>
    </message>
    <message>
        <source>%1 is %2 (%3, %4)</source>
        <translation>%1 : %2 (%3, %4)</translation>
    </message>
    <message numerus="yes">
        <source>%1 is %2: %n instance(s) out of sight</source>
        <translation>
            <numerusform>%1 : %2, %n instance hors de vue</numerusform>
            <numerusform>%1 : %2, %n instances hors de vue</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 is %2</source>
        <translation>%1 : %2</translation>
    </message>
    <message>
        <source>Our breaker around %1 is %2</source>
        <translation>Notre disjoncteur autour de %1 : %2</translation>
    </message>
    <message>
        <source>Breaker %1 of %2 is %3</source>
        <translation>Disjoncteur %1 de %2 : %3</translation>
    </message>
    <message>
        <source>%1 is in state %2 (%3, %4)</source>
        <translation>%1 dans l’état %2 (%3, %4)</translation>
    </message>
    <message>
        <source>for %1; the limit is %2</source>
        <translation>depuis %1 ; la limite est %2</translation>
    </message>
</context>
<context>
    <name>Recovery</name>
    <message numerus="yes">
        <source>machine deleted, with %n volume(s); billing ends</source>
        <translation>
            <numerusform>machine supprimée, avec %n volume ; fin de facturation</numerusform>
            <numerusform>machine supprimée, avec %n volumes ; fin de facturation</numerusform>
        </translation>
    </message>
    <message>
        <source>machine deleted, its volumes dealt with; billing ends</source>
        <translation>machine supprimée, ses volumes traités ; fin de facturation</translation>
    </message>
    <message>
        <source>boots anew: its disk and its worker are set up from nothing</source>
        <translation>redémarre à neuf : disque et worker réinstallés de zéro</translation>
    </message>
    <message>
        <source>leaves the lists; its history stays</source>
        <translation>quitte les listes ; son historique reste</translation>
    </message>
    <message>
        <source>It is not in the fleet any more.</source>
        <translation>Elle n’est plus dans la flotte.</translation>
    </message>
    <message>
        <source>Its source offers no actions.</source>
        <translation>Sa source n’offre aucune action.</translation>
    </message>
    <message>
        <source>Its orchestrator does not answer.</source>
        <translation>Son orchestrateur ne répond pas.</translation>
    </message>
    <message>
        <source>Left out. %1</source>
        <translation>Écartée. %1</translation>
    </message>
    <message>
        <source>Instance</source>
        <translation>Instance</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>Verdict</translation>
    </message>
    <message>
        <source>What will happen</source>
        <translation>Ce qui va se passer</translation>
    </message>
    <message>
        <source>Orchestrator</source>
        <translation>Orchestrateur</translation>
    </message>
    <message>
        <source>State</source>
        <translation>État</translation>
    </message>
    <message>
        <source>Zone</source>
        <translation>Zone</translation>
    </message>
    <message>
        <source>the provider reboots its machine; its disk stays</source>
        <translation>le fournisseur redémarre sa machine ; son disque reste</translation>
    </message>
    <message>
        <source>a new one is created; once that serves, this one is drained and terminated</source>
        <translation>une nouvelle est créée ; une fois qu&apos;elle sert, celle-ci est vidée puis terminée</translation>
    </message>
    <message>
        <source>takes no more work; terminated once its queue is empty or its time is up</source>
        <translation>ne prend plus de travail ; terminée quand sa file est vide ou son délai écoulé</translation>
    </message>
    <message>
        <source>serves again</source>
        <translation>sert de nouveau</translation>
    </message>
    <message>
        <source>automation leaves it alone</source>
        <translation>l&apos;automatisation n&apos;y touche pas</translation>
    </message>
    <message>
        <source>automation may act on it again</source>
        <translation>l&apos;automatisation peut y toucher de nouveau</translation>
    </message>
    <message>
        <source>its data is gone for good</source>
        <translation>ses données sont perdues pour de bon</translation>
    </message>
    <message>
        <source>Its orchestrator does not let us do that (role %1).</source>
        <translation>Son orchestrateur ne nous y autorise pas (rôle %1).</translation>
    </message>
    <message>
        <source>Its orchestrator serves only part A of the contract; this needs part B.</source>
        <translation>Son orchestrateur ne sert que la partie A du contrat ; ceci demande la partie B.</translation>
    </message>
    <message>
        <source>%1 says: %2 are ready now, at least %3 meanwhile, %4 after; %5 an hour, then %6</source>
        <translation>%1 répond : %2 prêtes maintenant, au moins %3 pendant, %4 après ; %5 par heure, puis %6</translation>
    </message>
    <message>
        <source> · waits for its turn: %1</source>
        <translation> · attend son tour : %1</translation>
    </message>
    <message>
        <source>%1, %2 GB: %3</source>
        <translation>%1, %2 Go : %3</translation>
    </message>
</context>
<context>
    <name>Sentences</name>
    <message>
        <source>The provider proved that the machine does not exist any more.</source>
        <translation>Le fournisseur a prouvé que la machine n’existe plus.</translation>
    </message>
    <message>
        <source>In this state no worker is expected to beat.</source>
        <translation>Dans cet état, aucun battement n’est attendu.</translation>
    </message>
    <message>
        <source>The worker beats; its health check decides when it is ready.</source>
        <translation>Le worker bat ; son contrôle de santé décide quand il est prêt.</translation>
    </message>
    <message>
        <source>The worker beats and nothing speaks against it.</source>
        <translation>Le worker bat et rien ne le contredit.</translation>
    </message>
    <message>
        <source>The worker beats; too few probes failed in a row to call it hung.</source>
        <translation>Le worker bat ; trop peu de sondes ont échoué d’affilée pour le dire figé.</translation>
    </message>
    <message>
        <source>Hung: it beats but does not serve.</source>
        <translation>Figé : il bat mais ne sert pas.</translation>
    </message>
    <message>
        <source>It beats and its probes fail, but the watcher itself is not healthy.</source>
        <translation>Il bat et ses sondes échouent, mais le veilleur lui-même n’est pas sain.</translation>
    </message>
    <message>
        <source>The provider says that the machine is stopped; the silence is still short.</source>
        <translation>Le fournisseur dit la machine arrêtée ; le silence est encore court.</translation>
    </message>
    <message>
        <source>Beats are later than they ever were, but below the threshold.</source>
        <translation>Les battements tardent plus que jamais, mais restent sous le seuil.</translation>
    </message>
    <message>
        <source>No beat yet since the watcher started or stalled; its grace is not over.</source>
        <translation>Aucun battement depuis le démarrage ou l’arrêt du veilleur ; le délai de grâce court encore.</translation>
    </message>
    <message>
        <source>A large share is silent at once: the network is a likelier cause than so many deaths.</source>
        <translation>Une grande part se tait à la fois : le réseau est plus probable que tant de morts.</translation>
    </message>
    <message>
        <source>The watcher can&apos;t trust its own silence.</source>
        <translation>Le veilleur ne peut se fier à son propre silence.</translation>
    </message>
    <message>
        <source>No beat while it starts up; the time limit of its state decides.</source>
        <translation>Aucun battement pendant le démarrage ; la limite de son état décidera.</translation>
    </message>
    <message>
        <source>The agent is down but the model serves.</source>
        <translation>L’agent est tombé mais le modèle sert.</translation>
    </message>
    <message>
        <source>Silent, and the provider says that the machine is stopped.</source>
        <translation>Silencieux, et le fournisseur dit la machine arrêtée.</translation>
    </message>
    <message>
        <source>Silent, and it does not answer its probe.</source>
        <translation>Silencieux, et il ne répond pas à sa sonde.</translation>
    </message>
    <message>
        <source>Silent for twice the threshold, alone, and it can&apos;t be probed.</source>
        <translation>Silencieux depuis deux fois le seuil, seul, et impossible à sonder.</translation>
    </message>
    <message>
        <source>Silent and it can&apos;t be probed: dead once silent for twice the threshold, alone.</source>
        <translation>Silencieux et impossible à sonder : mort s’il reste seul silencieux deux fois le seuil.</translation>
    </message>
    <message>
        <source>Its source does not answer: nothing is known to be alive there any more.</source>
        <translation>Sa source ne répond pas : plus rien n’y est tenu pour vivant.</translation>
    </message>
    <message>
        <source>Silent; a fresh probe has to say more.</source>
        <translation>Silencieux ; une nouvelle sonde doit en dire plus.</translation>
    </message>
    <message>
        <source>terminated</source>
        <translation>terminée</translation>
    </message>
    <message>
        <source>reinstalled</source>
        <translation>réinstallée</translation>
    </message>
    <message>
        <source>archived</source>
        <translation>archivée</translation>
    </message>
    <message>
        <source>No rule of the evidence table was told.</source>
        <translation>Aucune règle de la table des preuves n’a été donnée.</translation>
    </message>
    <message>
        <source>Rule: %1</source>
        <translation>Règle : %1</translation>
    </message>
    <message>
        <source>It has no machine at the provider yet.</source>
        <translation>Elle n’a pas encore de machine chez le fournisseur.</translation>
    </message>
    <message>
        <source>Its status is one that this version does not know.</source>
        <translation>Cette version ne connaît pas son état.</translation>
    </message>
    <message>
        <source>It is %1; only a terminated instance can be archived.</source>
        <translation>État : %1 ; seule une instance terminée peut être archivée.</translation>
    </message>
    <message>
        <source>It is %1; there is no machine left to reinstall.</source>
        <translation>État : %1 ; il n’y a plus de machine à réinstaller.</translation>
    </message>
    <message>
        <source>It is %1; a reinstall can be asked once that has ended, or has failed.</source>
        <translation>État : %1 ; la réinstallation se demande une fois cela fini, ou en échec.</translation>
    </message>
    <message>
        <source>It is %1; it can&apos;t be %2 now.</source>
        <translation>État : %1 ; elle ne peut être %2 maintenant.</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>annulé</translation>
    </message>
    <message>
        <source>no answer in time</source>
        <translation>pas de réponse à temps</translation>
    </message>
    <message>
        <source>no connection</source>
        <translation>pas de connexion</translation>
    </message>
    <message>
        <source>certificate refused</source>
        <translation>certificat refusé</translation>
    </message>
    <message>
        <source>answer lost</source>
        <translation>réponse perdue</translation>
    </message>
    <message>
        <source>breaker open</source>
        <translation>disjoncteur ouvert</translation>
    </message>
    <message>
        <source>too much at once</source>
        <translation>trop à la fois</translation>
    </message>
    <message>
        <source>asked to wait</source>
        <translation>prié d’attendre</translation>
    </message>
    <message>
        <source>token refused</source>
        <translation>jeton refusé</translation>
    </message>
    <message>
        <source>not permitted</source>
        <translation>non permis</translation>
    </message>
    <message>
        <source>not found</source>
        <translation>introuvable</translation>
    </message>
    <message>
        <source>conflict</source>
        <translation>conflit</translation>
    </message>
    <message>
        <source>invalid request</source>
        <translation>requête invalide</translation>
    </message>
    <message>
        <source>server error</source>
        <translation>erreur du serveur</translation>
    </message>
    <message>
        <source>unreadable answer</source>
        <translation>réponse illisible</translation>
    </message>
    <message>
        <source>answer too large</source>
        <translation>réponse trop grande</translation>
    </message>
    <message>
        <source>storage error</source>
        <translation>erreur de stockage</translation>
    </message>
    <message>
        <source>not offered there</source>
        <translation>non offert là</translation>
    </message>
    <message>
        <source>internal error</source>
        <translation>erreur interne</translation>
    </message>
    <message>
        <source>restarted</source>
        <translation>redémarrée</translation>
    </message>
    <message>
        <source>replaced</source>
        <translation>remplacée</translation>
    </message>
    <message>
        <source>drained</source>
        <translation>vidée</translation>
    </message>
    <message>
        <source>put back into service</source>
        <translation>remise en service</translation>
    </message>
    <message>
        <source>held</source>
        <translation>retenue</translation>
    </message>
    <message>
        <source>released</source>
        <translation>libérée</translation>
    </message>
    <message>
        <source>rid of a volume</source>
        <translation>débarrassée d&apos;un volume</translation>
    </message>
    <message>
        <source>its state</source>
        <translation>son état</translation>
    </message>
    <message>
        <source>something is being done to it already</source>
        <translation>un travail est déjà en cours sur elle</translation>
    </message>
    <message>
        <source>the state of the volume</source>
        <translation>l&apos;état du volume</translation>
    </message>
    <message>
        <source>somebody holds it</source>
        <translation>quelqu&apos;un la retient</translation>
    </message>
    <message>
        <source>many are silent at once</source>
        <translation>beaucoup se taisent à la fois</translation>
    </message>
    <message>
        <source>enough of its pool is in recovery</source>
        <translation>assez de son groupe est en rétablissement</translation>
    </message>
    <message>
        <source>enough recoveries run at once</source>
        <translation>assez de rétablissements sont en cours</translation>
    </message>
    <message>
        <source>the last start was a moment ago</source>
        <translation>le dernier départ date d&apos;un instant</translation>
    </message>
</context>
<context>
    <name>Sources</name>
    <message>
        <source>An address is needed, e.g. https://host:8003</source>
        <translation>Il faut une adresse, p. ex. https://hote:8003</translation>
    </message>
    <message>
        <source>&apos;%1&apos; is not an address</source>
        <translation>« %1 » n’est pas une adresse</translation>
    </message>
    <message>
        <source>The address must begin with http:// or https://</source>
        <translation>L’adresse doit commencer par http:// ou https://</translation>
    </message>
    <message>
        <source>Leave name and password out of the address; use the fields below</source>
        <translation>Pas de nom ni de mot de passe dans l’adresse ; utilisez les champs ci-dessous</translation>
    </message>
    <message>
        <source>This address is watched already</source>
        <translation>Cette adresse est déjà surveillée</translation>
    </message>
    <message>
        <source>A token is needed, or choose another access</source>
        <translation>Il faut un jeton, ou un autre accès</translation>
    </message>
    <message>
        <source>A token holds no spaces</source>
        <translation>Un jeton ne contient pas d’espaces</translation>
    </message>
    <message>
        <source>This file can&apos;t be read: %1</source>
        <translation>Ce fichier ne peut être lu : %1</translation>
    </message>
    <message>
        <source>An e-mail address is needed</source>
        <translation>Il faut une adresse e-mail</translation>
    </message>
    <message>
        <source>A password is needed</source>
        <translation>Il faut un mot de passe</translation>
    </message>
    <message>
        <source>0.2 to 3600 seconds</source>
        <translation>0,2 à 3600 secondes</translation>
    </message>
    <message>
        <source>Over plain http, everybody on the way can read the secret.</source>
        <translation>En http simple, chacun sur le trajet peut lire le secret.</translation>
    </message>
</context>
<context>
    <name>StatusStrip</name>
    <message>
        <source>Instances judged %1</source>
        <translation>Instances jugées : %1</translation>
    </message>
    <message>
        <source>sources live</source>
        <translation>sources en direct</translation>
    </message>
    <message>
        <source>never answered</source>
        <translation>jamais répondu</translation>
    </message>
    <message numerus="yes">
        <source>breakers open</source>
        <translation>
            <numerusform>disjoncteur ouvert</numerusform>
            <numerusform>disjoncteurs ouverts</numerusform>
        </translation>
    </message>
    <message>
        <source>Circuit breakers open or forced open, ours and the orchestrators&apos;</source>
        <translation>Disjoncteurs ouverts ou forcés ouverts, les nôtres et ceux des orchestrateurs</translation>
    </message>
    <message numerus="yes">
        <source>alerts firing</source>
        <translation>
            <numerusform>alerte active</numerusform>
            <numerusform>alertes actives</numerusform>
        </translation>
    </message>
    <message>
        <source>Alerts that are firing now</source>
        <translation>Alertes actives en ce moment</translation>
    </message>
    <message>
        <source>everything here is %1 old</source>
        <translation>tout ceci date de %1</translation>
    </message>
</context>
<context>
    <name>Words</name>
    <message>
        <source>unknown</source>
        <comment>verdict</comment>
        <translation>inconnue</translation>
    </message>
    <message>
        <source>alive</source>
        <translation>vivante</translation>
    </message>
    <message>
        <source>suspect</source>
        <translation>suspecte</translation>
    </message>
    <message>
        <source>dead</source>
        <translation>morte</translation>
    </message>
    <message>
        <source>gone</source>
        <translation>disparue</translation>
    </message>
    <message numerus="yes">
        <source>unknown</source>
        <comment>instances</comment>
        <translation>
            <numerusform>inconnue</numerusform>
            <numerusform>inconnues</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>alive</source>
        <comment>instances</comment>
        <translation>
            <numerusform>vivante</numerusform>
            <numerusform>vivantes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>suspect</source>
        <comment>instances</comment>
        <translation>
            <numerusform>suspecte</numerusform>
            <numerusform>suspectes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>dead</source>
        <comment>instances</comment>
        <translation>
            <numerusform>morte</numerusform>
            <numerusform>mortes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>gone</source>
        <comment>instances</comment>
        <translation>
            <numerusform>disparue</numerusform>
            <numerusform>disparues</numerusform>
        </translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>en attente</translation>
    </message>
    <message>
        <source>live</source>
        <translation>en direct</translation>
    </message>
    <message>
        <source>late</source>
        <translation>en retard</translation>
    </message>
    <message>
        <source>stale</source>
        <translation>périmée</translation>
    </message>
    <message>
        <source>unreachable</source>
        <translation>injoignable</translation>
    </message>
    <message>
        <source>closed</source>
        <translation>fermé</translation>
    </message>
    <message>
        <source>half-open</source>
        <translation>semi-ouvert</translation>
    </message>
    <message>
        <source>open</source>
        <translation>ouvert</translation>
    </message>
    <message>
        <source>forced open</source>
        <translation>forcé ouvert</translation>
    </message>
    <message>
        <source>forced closed</source>
        <translation>forcé fermé</translation>
    </message>
    <message>
        <source>disabled</source>
        <translation>désactivé</translation>
    </message>
    <message>
        <source>metrics only</source>
        <translation>mesure seule</translation>
    </message>
    <message>
        <source>info</source>
        <translation>info</translation>
    </message>
    <message>
        <source>warning</source>
        <translation>attention</translation>
    </message>
    <message>
        <source>critical</source>
        <translation>critique</translation>
    </message>
    <message>
        <source>pending</source>
        <translation>en suspens</translation>
    </message>
    <message>
        <source>firing</source>
        <translation>active</translation>
    </message>
    <message>
        <source>resolved</source>
        <translation>résolue</translation>
    </message>
    <message>
        <source>provisioning</source>
        <translation>création</translation>
    </message>
    <message>
        <source>booting</source>
        <translation>démarrage</translation>
    </message>
    <message>
        <source>installing</source>
        <translation>installation</translation>
    </message>
    <message>
        <source>starting</source>
        <translation>lancement</translation>
    </message>
    <message>
        <source>ready</source>
        <translation>prête</translation>
    </message>
    <message>
        <source>unavailable</source>
        <translation>indisponible</translation>
    </message>
    <message>
        <source>draining</source>
        <translation>vidage</translation>
    </message>
    <message>
        <source>worker dead</source>
        <translation>worker mort</translation>
    </message>
    <message>
        <source>terminating</source>
        <translation>suppression</translation>
    </message>
    <message>
        <source>terminated</source>
        <translation>terminée</translation>
    </message>
    <message>
        <source>archived</source>
        <translation>archivée</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>en échec</translation>
    </message>
    <message>
        <source>provisioning failed</source>
        <translation>création ratée</translation>
    </message>
    <message>
        <source>startup failed</source>
        <translation>lancement raté</translation>
    </message>
    <message>
        <source>unknown</source>
        <comment>instance status</comment>
        <translation>inconnu</translation>
    </message>
    <message>
        <source>Terminate</source>
        <translation>Supprimer</translation>
    </message>
    <message>
        <source>Reinstall</source>
        <translation>Réinstaller</translation>
    </message>
    <message>
        <source>Archive</source>
        <translation>Archiver</translation>
    </message>
    <message>
        <source>running</source>
        <translation>en cours</translation>
    </message>
    <message>
        <source>accepted</source>
        <translation>acceptée</translation>
    </message>
    <message>
        <source>skipped</source>
        <translation>ignorée</translation>
    </message>
    <message>
        <source>outcome unknown</source>
        <translation>issue inconnue</translation>
    </message>
    <message>
        <source>in progress</source>
        <translation>en cours</translation>
    </message>
    <message>
        <source>success</source>
        <translation>succès</translation>
    </message>
    <message>
        <source>unknown</source>
        <comment>volume status</comment>
        <translation>inconnu</translation>
    </message>
    <message>
        <source>attached</source>
        <translation>attaché</translation>
    </message>
    <message>
        <source>detached</source>
        <translation>détaché</translation>
    </message>
    <message>
        <source>deleting</source>
        <translation>en suppression</translation>
    </message>
    <message>
        <source>deleted</source>
        <translation>supprimé</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>%1 min %2 s</source>
        <translation>%1 min %2 s</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 h %2 min</translation>
    </message>
    <message>
        <source>%1 d %2 h</source>
        <translation>%1 j %2 h</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 min</translation>
    </message>
    <message>
        <source>%1 h</source>
        <translation>%1 h</translation>
    </message>
    <message>
        <source>%1 d</source>
        <translation>%1 j</translation>
    </message>
    <message>
        <source>now</source>
        <translation>à l’instant</translation>
    </message>
    <message>
        <source>%1 ago</source>
        <translation>il y a %1</translation>
    </message>
    <message>
        <source>%1 µs</source>
        <translation>%1 µs</translation>
    </message>
    <message>
        <source>Restart worker</source>
        <translation>Redémarrer l&apos;agent</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>Remplacer</translation>
    </message>
    <message>
        <source>Drain</source>
        <translation>Vider</translation>
    </message>
    <message>
        <source>Undrain</source>
        <translation>Remettre en service</translation>
    </message>
    <message>
        <source>Hold</source>
        <translation>Retenir</translation>
    </message>
    <message>
        <source>Release</source>
        <translation>Libérer</translation>
    </message>
    <message>
        <source>Delete volume</source>
        <translation>Supprimer un volume</translation>
    </message>
</context>
<context>
    <name>vigie::FilterLine</name>
    <message>
        <source>Filter</source>
        <translation>Filtre</translation>
    </message>
    <message>
        <source>Filter error</source>
        <translation>Erreur du filtre</translation>
    </message>
</context>
<context>
    <name>vigie::FirstStart</name>
    <message>
        <source>Nothing is watched yet</source>
        <translation>Rien n’est encore surveillé</translation>
    </message>
    <message>
        <source>Vigie polls the orchestrators of GPU and LLM fleets, says which instances are alive, suspect or dead and how sure it is, and repairs them when you ask.</source>
        <translation>Vigie interroge les orchestrateurs de flottes GPU et LLM, dit quelles instances sont vivantes, suspectes ou mortes et avec quelle certitude, et les répare quand vous le demandez.</translation>
    </message>
    <message>
        <source>Watch the demo fleet</source>
        <translation>Observer la flotte de démonstration</translation>
    </message>
    <message>
        <source>Add an orchestrator…</source>
        <translation>Ajouter un orchestrateur…</translation>
    </message>
    <message>
        <source>The demo runs two orchestrators with simulated machines on this computer, and ends with the window.</source>
        <translation>La démonstration fait tourner sur cet ordinateur deux orchestrateurs aux machines simulées, et finit avec la fenêtre.</translation>
    </message>
</context>
<context>
    <name>vigie::KeySheet</name>
    <message>
        <source>Keys</source>
        <translation>Touches</translation>
    </message>
    <message>
        <source>command palette: panels, instances, actions</source>
        <translation>palette de commandes : panneaux, instances, actions</translation>
    </message>
    <message>
        <source>filter</source>
        <translation>filtre</translation>
    </message>
    <message>
        <source>panels</source>
        <translation>panneaux</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>Espace</translation>
    </message>
    <message>
        <source>mark the row, for actions on many</source>
        <translation>marquer la ligne, pour agir sur plusieurs</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Entrée</translation>
    </message>
    <message>
        <source>inspect the row</source>
        <translation>inspecter la ligne</translation>
    </message>
    <message>
        <source>poll all sources now</source>
        <translation>interroger toutes les sources maintenant</translation>
    </message>
    <message>
        <source>take back an action, within five seconds</source>
        <translation>reprendre une action, dans les cinq secondes</translation>
    </message>
    <message>
        <source>copy the marked or selected rows</source>
        <translation>copier les lignes marquées ou choisies</translation>
    </message>
    <message>
        <source>back out: filter, then inspector</source>
        <translation>revenir : filtre, puis inspecteur</translation>
    </message>
    <message>
        <source>this sheet</source>
        <translation>cette fiche</translation>
    </message>
    <message>
        <source>filter: a field is a value, or one of several: a,b</source>
        <translation>filtre : un champ vaut une valeur, ou l’une de plusieurs : a,b</translation>
    </message>
    <message>
        <source>filter: * stands for any characters</source>
        <translation>filtre : * vaut n’importe quels caractères</translation>
    </message>
    <message>
        <source>filter: numbers and durations compare</source>
        <translation>filtre : nombres et durées se comparent</translation>
    </message>
    <message>
        <source>filter: ! inverts, quotes group</source>
        <translation>filtre : ! inverse, les guillemets groupent</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
</context>
<context>
    <name>vigie::MainWindow</name>
    <message>
        <source>action</source>
        <translation>action</translation>
    </message>
    <message>
        <source>Poll all sources now</source>
        <translation>Interroger toutes les sources maintenant</translation>
    </message>
    <message>
        <source>Sources…</source>
        <translation>Sources…</translation>
    </message>
    <message>
        <source>Switch between light and dark</source>
        <translation>Passer du clair au sombre</translation>
    </message>
    <message>
        <source>language</source>
        <translation>langue</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Touches</translation>
    </message>
    <message>
        <source>The demo fleet could not start: %1</source>
        <translation>La flotte de démonstration n’a pas pu démarrer : %1</translation>
    </message>
</context>
<context>
    <name>vigie::Palette</name>
    <message>
        <source>Command palette</source>
        <translation>Palette de commandes</translation>
    </message>
    <message>
        <source>Go to a panel or an instance, or run an action</source>
        <translation>Aller à un panneau ou une instance, ou lancer une action</translation>
    </message>
    <message>
        <source>Matches</source>
        <translation>Résultats</translation>
    </message>
</context>
<context>
    <name>vigie::RecoveryDialog</name>
    <message>
        <source>Instances touched</source>
        <translation>Instances touchées</translation>
    </message>
    <message>
        <source>Why? It goes into the action log.</source>
        <translation>Pourquoi ? Cela va dans le journal des actions.</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Motif</translation>
    </message>
    <message>
        <source>&amp;Reason</source>
        <translation>&amp;Motif</translation>
    </message>
    <message numerus="yes">
        <source>Terminate %1 of %n chosen instance(s)</source>
        <translation>
            <numerusform>Supprimer %1 instance sur %n choisie</numerusform>
            <numerusform>Supprimer %1 instances sur %n choisies</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Reinstall %1 of %n chosen instance(s)</source>
        <translation>
            <numerusform>Réinstaller %1 instance sur %n choisie</numerusform>
            <numerusform>Réinstaller %1 instances sur %n choisies</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Archive %1 of %n chosen instance(s)</source>
        <translation>
            <numerusform>Archiver %1 instance sur %n choisie</numerusform>
            <numerusform>Archiver %1 instances sur %n choisies</numerusform>
        </translation>
    </message>
    <message>
        <source>%1: %2 of %3 serve now, %4 after</source>
        <translation>%1 : %2 sur %3 servent maintenant, %4 ensuite</translation>
    </message>
    <message>
        <source> (nobody is left to serve)</source>
        <translation> (plus personne pour servir)</translation>
    </message>
    <message numerus="yes">
        <source>and %n more pool(s)</source>
        <translation>
            <numerusform>et %n autre groupe</numerusform>
            <numerusform>et %n autres groupes</numerusform>
        </translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
    <message>
        <source>Cancel (Ctrl+Z)</source>
        <translation>Annuler (Ctrl+Z)</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message numerus="yes">
        <source>Sent in %n second(s). Nothing has happened yet.</source>
        <translation>
            <numerusform>Envoi dans %n seconde. Rien n’a encore eu lieu.</numerusform>
            <numerusform>Envoi dans %n secondes. Rien n’a encore eu lieu.</numerusform>
        </translation>
    </message>
    <message>
        <source>None of these may be touched now.</source>
        <translation>Aucune ne peut être touchée maintenant.</translation>
    </message>
    <message>
        <source>Give a reason first.</source>
        <translation>Donnez d’abord un motif.</translation>
    </message>
    <message>
        <source>Done. The orchestrator carries it out; watch the states.</source>
        <translation>Fait. L’orchestrateur s’en charge ; suivez les états.</translation>
    </message>
    <message>
        <source>Sent. Waiting for the answers…</source>
        <translation>Envoyé. En attente des réponses…</translation>
    </message>
    <message>
        <source>Abort</source>
        <translation>Abandonner</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Action</translation>
    </message>
    <message numerus="yes">
        <source>Restart the worker of %1 of %n chosen instance(s)</source>
        <translation>
            <numerusform>Redémarrer l&apos;agent de %1 de %n instance choisie</numerusform>
            <numerusform>Redémarrer l&apos;agent de %1 des %n instances choisies</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Replace %1 of %n chosen instance(s)</source>
        <translation>
            <numerusform>Remplacer %1 de %n instance choisie</numerusform>
            <numerusform>Remplacer %1 des %n instances choisies</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Drain %1 of %n chosen instance(s)</source>
        <translation>
            <numerusform>Vider %1 de %n instance choisie</numerusform>
            <numerusform>Vider %1 des %n instances choisies</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Put %1 of %n chosen instance(s) back into service</source>
        <translation>
            <numerusform>Remettre en service %1 de %n instance choisie</numerusform>
            <numerusform>Remettre en service %1 des %n instances choisies</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Hold %1 of %n chosen instance(s)</source>
        <translation>
            <numerusform>Retenir %1 de %n instance choisie</numerusform>
            <numerusform>Retenir %1 des %n instances choisies</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Release %1 of %n chosen instance(s)</source>
        <translation>
            <numerusform>Libérer %1 de %n instance choisie</numerusform>
            <numerusform>Libérer %1 des %n instances choisies</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Delete %1 of %n chosen volume(s)</source>
        <translation>
            <numerusform>Supprimer %1 de %n volume choisi</numerusform>
            <numerusform>Supprimer %1 des %n volumes choisis</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 of %2 done, %3 failed, %4 skipped</source>
        <translation>%1 sur %2 faites, %3 en échec, %4 laissées</translation>
    </message>
    <message>
        <source>Aborted. %1.</source>
        <translation>Abandonné. %1.</translation>
    </message>
    <message>
        <source>Finished. %1.</source>
        <translation>Terminé. %1.</translation>
    </message>
    <message>
        <source>Aborting: what was begun is finished. %1.</source>
        <translation>Abandon : ce qui est commencé est mené à terme. %1.</translation>
    </message>
    <message>
        <source>Paused (%1). %2.</source>
        <translation>Suspendu (%1). %2.</translation>
    </message>
    <message>
        <source>Carried out in waves by the orchestrator, also without this window. %1.</source>
        <translation>Mené par vagues par l&apos;orchestrateur, même sans cette fenêtre. %1.</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Reprendre</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Suspendre</translation>
    </message>
</context>
<context>
    <name>vigie::SideList</name>
    <message>
        <source>Panels</source>
        <translation>Panneaux</translation>
    </message>
</context>
<context>
    <name>vigie::SourceForm</name>
    <message>
        <source>&amp;Address</source>
        <translation>&amp;Adresse</translation>
    </message>
    <message>
        <source>taken from the address</source>
        <translation>tiré de l’adresse</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Nom</translation>
    </message>
    <message>
        <source>found out by asking</source>
        <translation>découverte en demandant</translation>
    </message>
    <message>
        <source>Orchestrator</source>
        <translation>Orchestrateur</translation>
    </message>
    <message>
        <source>Prometheus metrics</source>
        <translation>Métriques Prometheus</translation>
    </message>
    <message>
        <source>&amp;Kind</source>
        <translation>N&amp;ature</translation>
    </message>
    <message>
        <source>open, no secret</source>
        <translation>libre, sans secret</translation>
    </message>
    <message>
        <source>token</source>
        <translation>jeton</translation>
    </message>
    <message>
        <source>token from a file</source>
        <translation>jeton dans un fichier</translation>
    </message>
    <message>
        <source>e-mail and password</source>
        <translation>e-mail et mot de passe</translation>
    </message>
    <message>
        <source>A&amp;ccess</source>
        <translation>A&amp;ccès</translation>
    </message>
    <message>
        <source>&amp;Token</source>
        <translation>&amp;Jeton</translation>
    </message>
    <message>
        <source>Token &amp;file</source>
        <translation>&amp;Fichier du jeton</translation>
    </message>
    <message>
        <source>read at every connection</source>
        <translation>lu à chaque connexion</translation>
    </message>
    <message>
        <source>&amp;E-mail</source>
        <translation>&amp;E-mail</translation>
    </message>
    <message>
        <source>&amp;Password</source>
        <translation>Mot de &amp;passe</translation>
    </message>
    <message>
        <source>Own C&amp;A</source>
        <translation>Propre C&amp;A</translation>
    </message>
    <message>
        <source>PEM file; empty: the system&apos;s</source>
        <translation>fichier PEM ; vide : celle du système</translation>
    </message>
    <message>
        <source> s</source>
        <translation> s</translation>
    </message>
    <message>
        <source>&amp;Interval</source>
        <translation>&amp;Intervalle</translation>
    </message>
    <message>
        <source>Choose a file</source>
        <translation>Choisir un fichier</translation>
    </message>
</context>
<context>
    <name>vigie::SourcesDialog</name>
    <message>
        <source>Watched</source>
        <translation>Surveillé</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Réponse</translation>
    </message>
    <message>
        <source>Watched sources</source>
        <translation>Sources surveillées</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Retirer</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>Tester</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Ajouter</translation>
    </message>
    <message>
        <source>Sources</source>
        <translation>Sources</translation>
    </message>
    <message>
        <source>Steps of the test</source>
        <translation>Étapes du test</translation>
    </message>
    <message>
        <source>Test shows each step here: resolve, connect, TLS, access, contract, clock.</source>
        <translation>Tester montre ici chaque étape : nom, connexion, TLS, accès, contrat, horloge.</translation>
    </message>
    <message>
        <source>New source</source>
        <translation>Nouvelle source</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Enregistrer</translation>
    </message>
    <message>
        <source>Saved. The secret is in the system&apos;s keychain.</source>
        <translation>Enregistré. Le secret est dans le trousseau du système.</translation>
    </message>
    <message>
        <source>Saved without the secret, which is kept until Vigie ends: %1</source>
        <translation>Enregistré sans le secret, gardé jusqu’à la fin de Vigie : %1</translation>
    </message>
    <message>
        <source>Saved.</source>
        <translation>Enregistré.</translation>
    </message>
    <message>
        <source>Testing…</source>
        <translation>Test en cours…</translation>
    </message>
    <message>
        <source>Removed. Nothing was changed at the orchestrator.</source>
        <translation>Retiré. Rien n’a changé chez l’orchestrateur.</translation>
    </message>
</context>
<context>
    <name>vigie::StatusStrip</name>
    <message>
        <source>Status of the fleet</source>
        <translation>État de la flotte</translation>
    </message>
</context>
<context>
    <name>vigie::TablePanel</name>
    <message>
        <source>Copy as CSV</source>
        <translation>Copier en CSV</translation>
    </message>
    <message>
        <source>Copy as JSON</source>
        <translation>Copier en JSON</translation>
    </message>
    <message>
        <source>Export to a file…</source>
        <translation>Exporter vers un fichier…</translation>
    </message>
    <message>
        <source>Written: %1</source>
        <translation>Écrit : %1</translation>
    </message>
    <message>
        <source>Could not write %1: %2</source>
        <translation>Impossible d’écrire %1 : %2</translation>
    </message>
    <message>
        <source>Copy or export</source>
        <translation>Copier ou exporter</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>Colonnes</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 sur %2</translation>
    </message>
</context>
<context>
    <name>vigie::TableView</name>
    <message>
        <source>Columns</source>
        <translation>Colonnes</translation>
    </message>
    <message>
        <source>Export the shown rows</source>
        <translation>Exporter les lignes affichées</translation>
    </message>
    <message>
        <source>CSV (*.csv);;JSON (*.json)</source>
        <translation>CSV (*.csv);;JSON (*.json)</translation>
    </message>
</context>
<context>
    <name>vigie::panels::alerts::AlertPanel</name>
    <message>
        <source>Alerts</source>
        <translation>Alertes</translation>
    </message>
    <message>
        <source>Filter: words, severity:critical, state:firing, since&gt;5min</source>
        <translation>Filtre : mots, severity:critical, state:firing, since&gt;5min</translation>
    </message>
    <message>
        <source>No alert is pending or firing, and none was resolved lately.</source>
        <translation>Aucune alerte en suspens ni active, et aucune résolue récemment.</translation>
    </message>
    <message>
        <source>%1, %2 pending, %3</source>
        <translation>%1, %2 en suspens, %3</translation>
    </message>
    <message numerus="yes">
        <source>%1 firing</source>
        <translation>
            <numerusform>%1 active</numerusform>
            <numerusform>%1 actives</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 resolved</source>
        <translation>
            <numerusform>%1 résolue</numerusform>
            <numerusform>%1 résolues</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>vigie::panels::breakers::BreakerPanel</name>
    <message>
        <source>Breakers</source>
        <translation>Disjoncteurs</translation>
    </message>
    <message>
        <source>Filter: words, state:open,half_open, at:par-1, failing&gt;0</source>
        <translation>Filtre : mots, state:open,half_open, at:par-1, failing&gt;0</translation>
    </message>
    <message>
        <source>No breaker is known.</source>
        <translation>Aucun disjoncteur connu.</translation>
    </message>
    <message>
        <source>Transitions</source>
        <translation>Transitions</translation>
    </message>
    <message>
        <source>%1 has not changed its state since it is watched</source>
        <translation>%1 n’a pas changé d’état depuis qu’il est surveillé</translation>
    </message>
    <message>
        <source>Transitions of %1</source>
        <translation>Transitions de %1</translation>
    </message>
    <message>
        <source>%1 of this dashboard, %2 of the orchestrators; %3</source>
        <translation>%1 de ce tableau, %2 des orchestrateurs ; %3</translation>
    </message>
    <message numerus="yes">
        <source>%1 open</source>
        <translation>
            <numerusform>%1 ouvert</numerusform>
            <numerusform>%1 ouverts</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>vigie::panels::fleet::FleetPanel</name>
    <message>
        <source>Fleet</source>
        <translation>Flotte</translation>
    </message>
    <message>
        <source>Filter: words, state:ready, verdict:dead,suspect, zone:fr-par-*, gpu&gt;80, hb&gt;30s, !text</source>
        <translation>Filtre : mots, state:ready, verdict:dead,suspect, zone:fr-par-*, gpu&gt;80, hb&gt;30s, !texte</translation>
    </message>
    <message>
        <source>The orchestrators have no instances.</source>
        <translation>Les orchestrateurs n’ont aucune instance.</translation>
    </message>
    <message>
        <source>%1…</source>
        <translation>%1…</translation>
    </message>
    <message>
        <source>Copy the id</source>
        <translation>Copier l’id</translation>
    </message>
    <message>
        <source>Clear the marks</source>
        <translation>Effacer les marques</translation>
    </message>
    <message numerus="yes">
        <source>%n marked</source>
        <translation>
            <numerusform>%n marquée</numerusform>
            <numerusform>%n marquées</numerusform>
        </translation>
    </message>
    <message>
        <source>Select an instance, or mark several with Space.</source>
        <translation>Choisissez une instance, ou marquez-en plusieurs avec Espace.</translation>
    </message>
    <message numerus="yes">
        <source>%n instance(s), %1 ended</source>
        <translation>
            <numerusform>%n instance, finies : %1</numerusform>
            <numerusform>%n instances, finies : %1</numerusform>
        </translation>
    </message>
    <message>
        <source>Other actions…</source>
        <translation>Autres actions…</translation>
    </message>
    <message>
        <source>Restart, replace, drain, hold and what else the orchestrator offers.</source>
        <translation>Redémarrer, remplacer, vider, retenir et ce que l&apos;orchestrateur offre d&apos;autre.</translation>
    </message>
</context>
<context>
    <name>vigie::panels::inspector::InspectorPanel</name>
    <message>
        <source>%1: %2</source>
        <translation>%1 : %2</translation>
    </message>
    <message>
        <source>Inspector</source>
        <translation>Inspecteur</translation>
    </message>
    <message>
        <source>Choose an instance and press Enter.</source>
        <translation>Choisissez une instance et pressez Entrée.</translation>
    </message>
    <message>
        <source>Instance id</source>
        <translation>Id de l’instance</translation>
    </message>
    <message>
        <source>Copy the id</source>
        <translation>Copier l’id</translation>
    </message>
    <message>
        <source>Close the inspector (Esc)</source>
        <translation>Fermer l’inspecteur (Échap)</translation>
    </message>
    <message>
        <source>Why this verdict</source>
        <translation>Pourquoi ce verdict</translation>
    </message>
    <message>
        <source>Who says what</source>
        <translation>Qui dit quoi</translation>
    </message>
    <message>
        <source>States</source>
        <translation>États</translation>
    </message>
    <message>
        <source>Last 60 beats</source>
        <translation>60 battements</translation>
    </message>
    <message>
        <source>Figures</source>
        <translation>Chiffres</translation>
    </message>
    <message>
        <source>Volumes</source>
        <translation>Volumes</translation>
    </message>
    <message>
        <source>What was done</source>
        <translation>Ce qui a été fait</translation>
    </message>
    <message>
        <source>%1…</source>
        <translation>%1…</translation>
    </message>
    <message>
        <source>What may be done</source>
        <translation>Ce qui peut être fait</translation>
    </message>
    <message>
        <source>%1 is not in the fleet any more.</source>
        <translation>%1 n’est plus dans la flotte.</translation>
    </message>
    <message>
        <source>Looking closer…</source>
        <translation>Examen en cours…</translation>
    </message>
    <message>
        <source>(advice of this dashboard)</source>
        <translation>(avis de ce tableau de bord)</translation>
    </message>
    <message>
        <source>Held back by %1</source>
        <translation>Retenu par %1</translation>
    </message>
    <message>
        <source>%1 (the others say otherwise)</source>
        <translation>%1 (les autres disent autrement)</translation>
    </message>
    <message>
        <source>no evidence was told</source>
        <translation>aucune preuve donnée</translation>
    </message>
    <message>
        <source>%1 GB, %2</source>
        <translation>%1 Go, %2</translation>
    </message>
    <message>
        <source>boot</source>
        <translation>amorçage</translation>
    </message>
    <message>
        <source>asking…</source>
        <translation>demande…</translation>
    </message>
    <message>
        <source>none known</source>
        <translation>aucun connu</translation>
    </message>
    <message>
        <source>nothing yet</source>
        <translation>rien encore</translation>
    </message>
    <message>
        <source>Its source offers no actions.</source>
        <translation>Sa source n’offre aucune action.</translation>
    </message>
    <message>
        <source>Its orchestrator does not answer.</source>
        <translation>Son orchestrateur ne répond pas.</translation>
    </message>
    <message>
        <source>Other actions…</source>
        <translation>Autres actions…</translation>
    </message>
    <message>
        <source>%1, %2 GB, %3</source>
        <translation>%1, %2 Go, %3</translation>
    </message>
    <message>
        <source>Its orchestrator can&apos;t be told to delete a volume.</source>
        <translation>Son orchestrateur ne sait pas supprimer un volume sur demande.</translation>
    </message>
</context>
<context>
    <name>vigie::panels::inspector::TimelineStrip</name>
    <message>
        <source>Timeline of states</source>
        <translation>Chronologie des états</translation>
    </message>
</context>
<context>
    <name>vigie::panels::latency::LatencyPanel</name>
    <message>
        <source>Latency</source>
        <translation>Latence</translation>
    </message>
    <message>
        <source>Filter: words, source:par-1, name:*http*, p95&gt;100ms, count&gt;0</source>
        <translation>Filtre : mots, source:par-1, name:*http*, p95&gt;100ms, count&gt;0</translation>
    </message>
    <message>
        <source>Nothing was measured yet.</source>
        <translation>Rien n’a encore été mesuré.</translation>
    </message>
    <message>
        <source>Latency histogram</source>
        <translation>Histogramme de latence</translation>
    </message>
    <message>
        <source>%1 · %2 · calls by duration (log scale)</source>
        <translation>%1 · %2 · appels par durée (échelle log)</translation>
    </message>
    <message>
        <source>%1 beyond the last bound</source>
        <translation>%1 au-delà de la dernière borne</translation>
    </message>
    <message>
        <source>as of %1 ago</source>
        <translation>d’il y a %1</translation>
    </message>
    <message numerus="yes">
        <source>%n series</source>
        <translation>
            <numerusform>%n série</numerusform>
            <numerusform>%n séries</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>vigie::panels::log::LogPanel</name>
    <message>
        <source>Action log</source>
        <translation>Journal des actions</translation>
    </message>
    <message>
        <source>Filter: words, action:*REINSTALL*, status:failed, actor:lea, took&gt;5s, correlation:…</source>
        <translation>Filtre : mots, action:*REINSTALL*, status:failed, actor:lea, took&gt;5s, correlation:…</translation>
    </message>
    <message>
        <source>Nothing was done yet: the orchestrators&apos; action logs are empty.</source>
        <translation>Rien n’a encore été fait : les journaux des orchestrateurs sont vides.</translation>
    </message>
    <message>
        <source>Follow this correlation id</source>
        <translation>Suivre cet id de corrélation</translation>
    </message>
    <message>
        <source>the last %1 entries</source>
        <translation>les %1 dernières entrées</translation>
    </message>
</context>
<context>
    <name>vigie::panels::overview::OverviewPanel</name>
    <message>
        <source>Overview</source>
        <translation>Aperçu</translation>
    </message>
    <message>
        <source>Worst problems</source>
        <translation>Pires problèmes</translation>
    </message>
    <message>
        <source>What changed</source>
        <translation>Ce qui a changé</translation>
    </message>
    <message>
        <source>Last 15 minutes</source>
        <translation>15 dernières minutes</translation>
    </message>
    <message>
        <source>%1 on %2, as of %3</source>
        <translation>%1 sur %2, à %3</translation>
    </message>
    <message numerus="yes">
        <source>%n instance(s)</source>
        <translation>
            <numerusform>%n instance</numerusform>
            <numerusform>%n instances</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n source(s)</source>
        <translation>
            <numerusform>%n source</numerusform>
            <numerusform>%n sources</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Nothing is known to be wrong: every source answers, but of %n instance(s) it is not known how they are.</source>
        <translation>
            <numerusform>Aucun problème connu : chaque source répond, mais l’état de %n instance est inconnu.</numerusform>
            <numerusform>Aucun problème connu : chaque source répond, mais l’état de %n instances est inconnu.</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing was wrong when the sources last answered; not all of them answer now.</source>
        <translation>Tout allait bien à la dernière réponse des sources ; toutes ne répondent pas maintenant.</translation>
    </message>
    <message>
        <source>Nothing is wrong: every source answers, and no instance is suspect or dead.</source>
        <translation>Tout va bien : chaque source répond, et aucune instance n’est suspecte ou morte.</translation>
    </message>
    <message>
        <source>Nothing changed in the last 15 minutes.</source>
        <translation>Rien n’a changé dans les 15 dernières minutes.</translation>
    </message>
    <message>
        <source>Every source answers; there are no instances yet.</source>
        <translation>Chaque source répond ; il n’y a pas encore d’instances.</translation>
    </message>
</context>
<context>
    <name>vigie::panels::overview::SourceCardView</name>
    <message numerus="yes">
        <source>%1, %2, %n instance(s)</source>
        <translation>
            <numerusform>%1, %2, %n instance</numerusform>
            <numerusform>%1, %2, %n instances</numerusform>
        </translation>
    </message>
    <message>
        <source>no answer yet</source>
        <translation>pas encore de réponse</translation>
    </message>
    <message>
        <source>%1 · %2 ago</source>
        <translation>%1 · il y a %2</translation>
    </message>
    <message numerus="yes">
        <source>%n latency histogram(s)</source>
        <translation>
            <numerusform>%n histogramme de latence</numerusform>
            <numerusform>%n histogrammes de latence</numerusform>
        </translation>
    </message>
    <message>
        <source>no instances told</source>
        <translation>aucune instance donnée</translation>
    </message>
    <message>
        <source>no instances</source>
        <translation>aucune instance</translation>
    </message>
    <message>
        <source>beats/s</source>
        <translation>batt./s</translation>
    </message>
    <message>
        <source>p95 request</source>
        <translation>p95 requête</translation>
    </message>
</context>
</TS>
