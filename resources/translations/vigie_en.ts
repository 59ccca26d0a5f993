<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_GB" sourcelanguage="en">
<context>
    <name>Emptiness</name>
    <message numerus="yes">
        <source>The filter hides all %n row(s).</source>
        <translation>
            <numerusform>The filter hides the only row.</numerusform>
            <numerusform>The filter hides all %n rows.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Problems</name>
    <message numerus="yes">
        <source>%n dead</source>
        <translation>
            <numerusform>%n dead</numerusform>
            <numerusform>%n dead</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n suspect</source>
        <translation>
            <numerusform>%n suspect</numerusform>
            <numerusform>%n suspect</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 is %2: %n instance(s) out of sight</source>
        <translation>
            <numerusform>%1 is %2: %n instance out of sight</numerusform>
            <numerusform>%1 is %2: %n instances out of sight</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Recovery</name>
    <message numerus="yes">
        <source>machine deleted, with %n volume(s); billing ends</source>
        <translation>
            <numerusform>machine deleted, with %n volume; billing ends</numerusform>
            <numerusform>machine deleted, with %n volumes; billing ends</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StatusStrip</name>
    <message numerus="yes">
        <source>breakers open</source>
        <translation>
            <numerusform>breaker open</numerusform>
            <numerusform>breakers open</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>alerts firing</source>
        <translation>
            <numerusform>alert firing</numerusform>
            <numerusform>alerts firing</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>vigie::RecoveryDialog</name>
    <message numerus="yes">
        <source>Terminate %1 of %n chosen instance(s)</source>
        <translation>
            <numerusform>Terminate %1 of %n chosen instance</numerusform>
            <numerusform>Terminate %1 of %n chosen instances</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Reinstall %1 of %n chosen instance(s)</source>
        <translation>
            <numerusform>Reinstall %1 of %n chosen instance</numerusform>
            <numerusform>Reinstall %1 of %n chosen instances</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Archive %1 of %n chosen instance(s)</source>
        <translation>
            <numerusform>Archive %1 of %n chosen instance</numerusform>
            <numerusform>Archive %1 of %n chosen instances</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>and %n more pool(s)</source>
        <translation>
            <numerusform>and %n more pool</numerusform>
            <numerusform>and %n more pools</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Sent in %n second(s). Nothing has happened yet.</source>
        <translation>
            <numerusform>Sent in %n second. Nothing has happened yet.</numerusform>
            <numerusform>Sent in %n seconds. Nothing has happened yet.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Restart the worker of %1 of %n chosen instance(s)</source>
        <translation>
            <numerusform>Restart the worker of %1 of %n chosen instance</numerusform>
            <numerusform>Restart the worker of %1 of %n chosen instances</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Replace %1 of %n chosen instance(s)</source>
        <translation>
            <numerusform>Replace %1 of %n chosen instance</numerusform>
            <numerusform>Replace %1 of %n chosen instances</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Drain %1 of %n chosen instance(s)</source>
        <translation>
            <numerusform>Drain %1 of %n chosen instance</numerusform>
            <numerusform>Drain %1 of %n chosen instances</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Put %1 of %n chosen instance(s) back into service</source>
        <translation>
            <numerusform>Put %1 of %n chosen instance back into service</numerusform>
            <numerusform>Put %1 of %n chosen instances back into service</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Hold %1 of %n chosen instance(s)</source>
        <translation>
            <numerusform>Hold %1 of %n chosen instance</numerusform>
            <numerusform>Hold %1 of %n chosen instances</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Release %1 of %n chosen instance(s)</source>
        <translation>
            <numerusform>Release %1 of %n chosen instance</numerusform>
            <numerusform>Release %1 of %n chosen instances</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Delete %1 of %n chosen volume(s)</source>
        <translation>
            <numerusform>Delete %1 of %n chosen volume</numerusform>
            <numerusform>Delete %1 of %n chosen volumes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>vigie::panels::fleet::FleetPanel</name>
    <message numerus="yes">
        <source>%n marked</source>
        <translation>
            <numerusform>%n marked</numerusform>
            <numerusform>%n marked</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n instance(s), %1 ended</source>
        <translation>
            <numerusform>%n instance, %1 ended</numerusform>
            <numerusform>%n instances, %1 ended</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>vigie::panels::latency::LatencyPanel</name>
    <message numerus="yes">
        <source>%n series</source>
        <translation>
            <numerusform>%n series</numerusform>
            <numerusform>%n series</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>vigie::panels::overview::OverviewPanel</name>
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
            <numerusform>Nothing is known to be wrong: every source answers, but of %n instance it is not known how it is.</numerusform>
            <numerusform>Nothing is known to be wrong: every source answers, but of %n instances it is not known how they are.</numerusform>
        </translation>
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
    <message numerus="yes">
        <source>%n latency histogram(s)</source>
        <translation>
            <numerusform>%n latency histogram</numerusform>
            <numerusform>%n latency histograms</numerusform>
        </translation>
    </message>
</context>
</TS>
