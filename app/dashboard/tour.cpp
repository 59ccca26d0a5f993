#include "app/dashboard/tour.h"

#include "ui/dialogs/recoverydialog.h"
#include "ui/dialogs/sourcesdialog.h"

#include <QApplication>
#include <QDir>
#include <QTemporaryFile>

#include <cstdio>

namespace vigie {

using namespace std::chrono_literals;

namespace {

/// Whether there is something to show of every source.
bool hasData(const SnapshotPtr& snapshot, bool demo) {
    if (!snapshot)
        return false;
    if (snapshot->sources.empty())
        return !demo; // nothing is watched: the first-start page is all there is
    for (const SourceStatus& source : snapshot->sources)
        if (source.freshness == Freshness::Waiting)
            return false;
    if (!demo)
        return true;
    // The demo is worth a look once most of it has started and something has gone wrong.
    const auto count = [&](auto&& is) {
        return std::count_if(snapshot->instances.begin(), snapshot->instances.end(),
                             [&](const auto& view) { return is(view->assessment.verdict); });
    };
    return snapshot->instances.size() >= 40 &&
           count([](Verdict verdict) { return verdict == Verdict::Alive; }) >= 28 &&
           count([](Verdict verdict) { return verdict == Verdict::Dead; }) >= 1;
}

/// Whether any source has answered, if there is one.
bool anySuccess(const SnapshotPtr& snapshot) {
    return snapshot &&
           (snapshot->sources.empty() ||
            std::any_of(snapshot->sources.begin(), snapshot->sources.end(),
                        [](const SourceStatus& source) { return source.lastSuccess.has_value(); }));
}

/// The instance that is most worth a closer look.
const InstanceView* worst(const FleetSnapshot& snapshot) {
    for (const Verdict verdict :
         {Verdict::Dead, Verdict::Suspect, Verdict::Alive, Verdict::Unknown})
        for (const auto& view : snapshot.instances)
            if (view->assessment.verdict == verdict)
                return view.get();
    return nullptr;
}

void complain(const QString& sentence) {
    std::fprintf(stderr, "vigie: %s\n", qUtf8Printable(sentence));
}

/// Waits, in short sleeps on the clock, until `met` or for `most`.
Task<bool> until(Clock& clock, Duration most, std::function<bool()> met, std::stop_token stop) {
    const MonotonicTime deadline = clock.now() + most;
    while (!met()) {
        if (clock.now() >= deadline)
            co_return false;
        const bool slept = co_await sleepFor(clock, 50ms, stop);
        if (!slept)
            co_return false;
    }
    co_return true;
}

QDialog* openDialog(MainWindow& window) {
    for (auto* dialog : window.findChildren<QDialog*>())
        if (dialog->isVisible())
            return dialog;
    return nullptr;
}

class Camera {
public:
    Camera(QString folder) : m_folder(std::move(folder)) {}
    void take(QWidget& widget, const QString& name) {
        QCoreApplication::sendPostedEvents();
        const QString path = QStringLiteral("%1/%2.png").arg(m_folder, name);
        if (!widget.grab().save(path)) {
            complain(QStringLiteral("%1 could not be written").arg(path));
            m_failed = true;
        }
    }
    bool failed() const { return m_failed; }

private:
    QString m_folder;
    bool m_failed = false;
};

} // namespace

QString tourFolderProblem(const QString& folder) {
    if (!QDir().mkpath(folder))
        return QStringLiteral("the folder %1 can't be made").arg(folder);
    QTemporaryFile probe(QDir(folder).filePath(QStringLiteral("probe-XXXXXX")));
    if (!probe.open())
        return QStringLiteral("nothing can be written to %1: %2").arg(folder, probe.errorString());
    return {};
}

Task<> tour(Dashboard& dashboard, Clock& clock, QString folder, bool demo, int& exitCode,
            std::stop_token stop) {
    MainWindow& window = dashboard.window();
    Camera camera(std::move(folder));
    exitCode = 1;
    const Duration patience = demo ? 90s : 60s;
    std::function<bool()> ready = [&dashboard, demo] {
        return hasData(dashboard.snapshot(), demo) || !dashboard.demoFailure().isEmpty();
    };
    co_await until(clock, patience, std::move(ready), stop);
    const bool seen = anySuccess(dashboard.snapshot()) && dashboard.demoFailure().isEmpty() &&
                      (!demo || !dashboard.snapshot()->instances.empty());
    if (!seen)
        complain(QStringLiteral("no source has answered; the pictures show that"));
    const SnapshotPtr snapshot = dashboard.snapshot();
    for (const QString& id : window.panelIds()) {
        window.showPanel(id, {});
        co_await sleepFor(clock, 200ms, stop);
        camera.take(window, id);
    }
    if (const InstanceView* view = snapshot ? worst(*snapshot) : nullptr) {
        window.showPanel(QStringLiteral("fleet"), {});
        window.inspect(view->source, view->instance.id);
        std::function<bool()> looked = [&dashboard] {
            const auto& look = dashboard.snapshot()->inspection;
            return look && !look->loading;
        };
        co_await until(clock, 10s, std::move(looked), stop);
        co_await sleepFor(clock, 300ms, stop);
        camera.take(window, QStringLiteral("inspector"));
        window.closeInspector();
        std::vector<command::Act::Target> targets;
        for (const auto& each : dashboard.snapshot()->instances)
            if (each->assessment.verdict == Verdict::Dead ||
                each->assessment.verdict == Verdict::Suspect || each.get() == view)
                targets.push_back({each->source, each->instance.id});
        if (targets.empty())
            targets.push_back({view->source, view->instance.id});
        window.recover(Action::Reinstall, targets);
        co_await sleepFor(clock, 300ms, stop);
        if (QDialog* dialog = openDialog(window)) {
            camera.take(*dialog, QStringLiteral("recovery"));
            dialog->reject();
        }
    }
    window.openSourcesDialog();
    co_await sleepFor(clock, 300ms, stop);
    if (QDialog* dialog = openDialog(window)) {
        camera.take(*dialog, QStringLiteral("sources"));
        dialog->reject();
    }
    exitCode = camera.failed() || !seen ? 1 : 0;
    QCoreApplication::quit();
}

} // namespace vigie
