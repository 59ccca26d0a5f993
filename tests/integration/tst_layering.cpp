// Holds the tree to docs/architecture.md: who may include whom, and what must not appear where.

#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QTest>

namespace {

struct SourceFile {
    QString path; // from the repository root
    QStringList lines;
    QString code; // without comments and string contents
};

// What each folder of core may include beside itself. The longest matching prefix decides; an
// entry that ends in .h allows that one header.
const QHash<QString, QStringList>& allowed() {
    static const QHash<QString, QStringList> table{
        {"core/base", {}},
        {"core/config", {"core/base"}},
        {"core/resilience", {}},
        {"core/errors", {"core/base", "core/config", "core/resilience"}},
        {"core/calls", {"core/base", "core/config", "core/errors", "core/resilience"}},
        {"core/telemetry", {"core/resilience/threadnumber.h"}},
        {"core/model", {"core/base", "core/telemetry/histogram.h"}},
        {"core/replay", {"core/base", "core/model", "core/resilience"}},
        {"core/http",
         {"core/base", "core/errors", "core/model", "core/telemetry", "core/calls",
          "core/resilience"}},
        {"core/services",
         {"core/base", "core/config", "core/errors", "core/model", "core/http", "core/telemetry",
          "core/calls", "core/resilience"}},
        {"core/store", {"core/base", "core/calls", "core/model", "core/resilience"}},
        {"core/tasks",
         {"core/base", "core/calls", "core/config", "core/errors", "core/model", "core/http",
          "core/store", "core/services", "core/telemetry", "core/resilience"}},
        {"core/worker",
         {"core/base", "core/config", "core/model", "core/http", "core/telemetry", "core/calls",
          "core/resilience"}},
        {"core/providers",
         {"core/base", "core/config", "core/model", "core/http", "core/worker", "core/telemetry",
          "core/calls", "core/resilience"}},
        {"core/watchdog", {"core/base", "core/model", "core/resilience"}},
        {"core/alerts", {"core/base", "core/model"}},
        {"core/sources",
         {"core/base", "core/model", "core/http", "core/telemetry", "core/calls",
          "core/resilience"}},
        {"core/orchestrator",
         {"core/base", "core/config", "core/errors", "core/model", "core/http", "core/store",
          "core/tasks", "core/providers", "core/services", "core/watchdog", "core/alerts",
          "core/telemetry", "core/calls", "core/resilience"}},
        {"core/runtime",
         {"core/base", "core/config", "core/model", "core/http", "core/sources", "core/watchdog",
          "core/alerts", "core/telemetry", "core/calls", "core/resilience"}},
        {"ui",
         {"core/base", "core/model", "core/runtime/enginehandle.h", "core/telemetry/histogram.h"}},
        {"app", {"core", "ui"}},
    };
    return table;
}

bool isBelow(const QString& path, const QString& folder) {
    return path == folder || path.startsWith(folder + '/');
}

QString layerOf(const QString& path) {
    QString best;
    for (auto it = allowed().begin(); it != allowed().end(); ++it) {
        if (isBelow(path, it.key()) && it.key().size() > best.size())
            best = it.key();
    }
    return best;
}

QString withoutCommentsAndStrings(const QString& text) {
    static const QRegularExpression token(
        // moc's lexer trips over raw strings with quotes in them; hence the escapes.
        QStringLiteral("//[^\\n]*|/\\*.*?\\*/|R\"\\(.*?\\)\"|\"(?:\\\\.|[^\"\\\\\\n])*\"|"
                       "'(?:\\\\.|[^'\\\\\\n])'"),
        QRegularExpression::DotMatchesEverythingOption);
    QString out;
    qsizetype last = 0;
    auto matches = token.globalMatch(text);
    while (matches.hasNext()) {
        const auto match = matches.next();
        // Digit separators (1'000'000) are not characters.
        if (match.captured().startsWith('\'') && match.capturedStart() > 0 &&
            text.at(match.capturedStart() - 1).isDigit())
            continue;
        out += text.mid(last, match.capturedStart() - last);
        out += QString(match.captured().count('\n'), '\n');
        last = match.capturedEnd();
    }
    return out + text.mid(last);
}

QList<SourceFile> sources() {
    const QDir root(QStringLiteral(VIGIE_SOURCE_DIR));
    QList<SourceFile> files;
    for (const char* top : {"core", "ui", "app"}) {
        QDirIterator it(root.filePath(QString::fromLatin1(top)), {"*.h", "*.cpp"}, QDir::Files,
                        QDirIterator::Subdirectories);
        while (it.hasNext()) {
            QFile file(it.next());
            if (!file.open(QIODevice::ReadOnly))
                qFatal("can't read %s", qPrintable(file.fileName()));
            const QString text = QString::fromUtf8(file.readAll());
            files.append({root.relativeFilePath(file.fileName()), text.split('\n'),
                          withoutCommentsAndStrings(text)});
        }
    }
    return files;
}

// Number of top-level arguments of the call whose '(' is at `open`, and the text of the last one.
std::pair<int, QString> argumentsAt(const QString& code, qsizetype open) {
    int depth = 0;
    int count = 1;
    qsizetype start = open + 1;
    for (qsizetype i = open; i < code.size(); ++i) {
        const QChar c = code.at(i);
        if (c == '(' || c == '{' || c == '[') {
            ++depth;
        } else if (c == ')' || c == '}' || c == ']') {
            if (--depth == 0)
                return {count, code.mid(start, i - start).trimmed()};
        } else if (c == ',' && depth == 1) {
            ++count;
            start = i + 1;
        }
    }
    return {count, {}};
}

} // namespace

class TestLayering : public QObject {
    Q_OBJECT

private:
    QList<SourceFile> m_files = sources();

    // Fails with every place where `pattern` appears in code outside the files that `mayHave`
    // names.
    void forbid(const char* pattern, const QStringList& mayHave, const char* instead) {
        const QRegularExpression expression(QString::fromLatin1(pattern));
        QStringList found;
        for (const SourceFile& file : m_files) {
            if (std::any_of(mayHave.begin(), mayHave.end(),
                            [&](const QString& suffix) { return file.path.endsWith(suffix); }))
                continue;
            const QStringList lines = file.code.split('\n');
            for (qsizetype i = 0; i < lines.size(); ++i) {
                if (lines.at(i).contains(expression))
                    found << QStringLiteral("%1:%2: %3")
                                 .arg(file.path)
                                 .arg(i + 1)
                                 .arg(lines.at(i).trimmed());
            }
        }
        QVERIFY2(found.isEmpty(),
                 qPrintable(QString::fromLatin1(instead) + ":\n" + found.join('\n')));
    }

private Q_SLOTS:
    void thereIsSomethingToRead() { QVERIFY(m_files.size() > 50); }

    void includesFollowTheLayers() {
        static const QRegularExpression include(
            QStringLiteral("^\\s*#\\s*include\\s+\"([^\"]+)\""));
        QStringList wrong;
        for (const SourceFile& file : m_files) {
            const QString layer = layerOf(file.path);
            if (layer.isEmpty()) {
                wrong << file.path + ": in a folder that no layer knows";
                continue;
            }
            for (const QString& line : file.lines) {
                const auto match = include.match(line);
                if (!match.hasMatch() || match.captured(1).endsWith(".moc"))
                    continue;
                const QString target = match.captured(1);
                const QStringList may = allowed().value(layer);
                const bool fine = isBelow(target, layer) ||
                                  std::any_of(may.begin(), may.end(), [&](const QString& folder) {
                                      return isBelow(target, folder);
                                  });
                if (!fine)
                    wrong << QStringLiteral("%1 includes %2").arg(file.path, target);
                if (isBelow(file.path, "ui/shell") && target.startsWith("ui/panels/") &&
                    target != "ui/panels/panel.h")
                    wrong << QStringLiteral("%1 includes the panel %2").arg(file.path, target);
                static const QRegularExpression panelFolder(QStringLiteral("^ui/panels/([^/]+)/"));
                const auto from = panelFolder.match(file.path);
                const auto to = panelFolder.match(target);
                if (from.hasMatch() && to.hasMatch() && from.captured(1) != to.captured(1))
                    wrong
                        << QStringLiteral("%1 includes another panel's %2").arg(file.path, target);
            }
        }
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join('\n')));
    }

    void theEngineIsFreeOfQt() {
        static const QRegularExpression qt(QStringLiteral(R"(^\s*#\s*include\s*<(Q|qcoro))"));
        QStringList wrong;
        for (const SourceFile& file : m_files) {
            if (!isBelow(file.path, "core/resilience") && !isBelow(file.path, "core/telemetry"))
                continue;
            for (const QString& line : file.lines) {
                if (line.contains(qt))
                    wrong << file.path + ": " + line;
            }
        }
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join('\n')));
    }

    void jsonDiesInTheCodec() {
        forbid(R"(\bQJson\w+|\bsimdjson\b)", {"codec.cpp", "codec.h"},
               "JSON belongs into a *codec.cpp");
    }

    void timeIsInjected() {
        forbid(R"(\b(steady_clock|system_clock|high_resolution_clock)::now|QDateTime::current|)"
               R"(QTime::current|QDate::current|\bQElapsedTimer\b|\bQTimer\b|\bQDeadlineTimer\b|)"
               R"(\bclock_gettime\b|\bgettimeofday\b|\bstartTimer\b|\bsleep_for\b|\bsleep_until\b|)"
               R"(\bQThread::m?u?sleep\b|\bstd::time\s*\()",
               {"core/base/systemclock.cpp"}, "time comes from a Clock");
    }

    void threadsMeetAtTheDoor() {
        forbid(R"(QueuedConnection|\binvokeMethod\b)", {}, "use core/base/door.h");
    }

    void noSingletons() {
        forbid(R"(static\s+[\w:]+\s*[&*]\s*(instance|self|getInstance)\s*\()", {},
               "pass it to the constructor");
    }

    void connectionsHaveAContext() {
        static const QRegularExpression call(QStringLiteral(R"(\bconnect\s*\()"));
        QStringList wrong;
        for (const SourceFile& file : m_files) {
            auto matches = call.globalMatch(file.code);
            while (matches.hasNext()) {
                const auto match = matches.next();
                const auto [count, last] = argumentsAt(file.code, match.capturedEnd() - 1);
                if (count == 3 && last.startsWith('['))
                    wrong << QStringLiteral("%1:%2").arg(file.path).arg(
                        file.code.left(match.capturedStart()).count('\n') + 1);
            }
        }
        QVERIFY2(wrong.isEmpty(),
                 qPrintable("connect without a context object:\n" + wrong.join('\n')));
    }

    void beastStaysInTheServersOwnFiles() {
        static const QRegularExpression boost(QStringLiteral(R"(^\s*#\s*include\s*<boost/)"));
        QStringList with;
        for (const SourceFile& file : m_files) {
            if (std::any_of(file.lines.begin(), file.lines.end(),
                            [](const QString& line) { return line.contains(boost); }))
                with << file.path;
        }
        // Private headers may be shared by these, and by nobody else.
        QStringList units;
        for (const SourceFile& file : m_files) {
            const bool sees =
                std::any_of(file.lines.begin(), file.lines.end(), [&](const QString& line) {
                    return line.contains(boost) ||
                           std::any_of(with.begin(), with.end(), [&](const QString& header) {
                               return line.contains("#include \"" + header + '"');
                           });
                });
            if (sees && file.path.endsWith(".cpp"))
                units << file.path;
            QVERIFY2(!sees || isBelow(file.path, "core/http"), qPrintable(file.path));
        }
        units.sort();
        const QStringList own{QStringLiteral("core/http/httpserveranswer.cpp"),
                              QStringLiteral("core/http/httpserverconnection.cpp"),
                              QStringLiteral("core/http/httpserverio.cpp"),
                              QStringLiteral("core/http/servertls.cpp")};
        QCOMPARE(units, own);
    }

    void onlyTheThemeNamesColours() {
        static const QRegularExpression colour(QStringLiteral(
            R"(#[0-9A-Fa-f]{6}\b|\bQColor\s*\(\s*\d|\bQt::(red|green|blue|yellow|gray|darkGray|lightGray|magenta|cyan)\b)"));
        QStringList wrong;
        for (const SourceFile& file : m_files) {
            if (!isBelow(file.path, "ui") || isBelow(file.path, "ui/theme"))
                continue;
            for (qsizetype i = 0; i < file.lines.size(); ++i) {
                if (file.lines.at(i).contains(colour))
                    wrong << QStringLiteral("%1:%2").arg(file.path).arg(i + 1);
            }
        }
        QVERIFY2(wrong.isEmpty(), qPrintable("a colour outside ui/theme:\n" + wrong.join('\n')));
    }

    void filesStaySmall() {
        QStringList wrong;
        for (const SourceFile& file : m_files) {
            const int limit = file.path.endsWith(".h") ? 200 : 400;
            if (file.lines.size() - 1 > limit)
                wrong << QStringLiteral("%1: %2 lines, at most %3")
                             .arg(file.path)
                             .arg(file.lines.size() - 1)
                             .arg(limit);
        }
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join('\n')));
    }
};

QTEST_GUILESS_MAIN(TestLayering)
#include "tst_layering.moc"
