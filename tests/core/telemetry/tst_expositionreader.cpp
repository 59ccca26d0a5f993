#include "core/telemetry/expositionreader.h"

#include <QByteArray>
#include <QDir>
#include <QTest>

#include <random>

using namespace vigie;

namespace {

using Format = ExpositionFormat;

/// Writes down what it is shown.
class Notes final : public ExpositionHandler {
public:
    QStringList lines;
    std::size_t refuseFrom = SIZE_MAX;

    Step type(std::string_view name, MetricType type) override {
        return note(QStringLiteral("TYPE %1 %2").arg(text(name)).arg(int(type)));
    }
    Step text(std::string_view name, Text kind, std::string_view value) override {
        return note(QStringLiteral("%1 %2 %3")
                        .arg(kind == Text::Help ? QStringLiteral("HELP") : QStringLiteral("UNIT"),
                             text(name), text(value)));
    }
    Step sample(const SampleView& sample) override {
        QStringList labels;
        for (const LabelView& label : sample.labels)
            labels << text(label.name) + QLatin1Char('=') + text(label.value);
        return note(QStringLiteral("%1{%2} %3 %4")
                        .arg(text(sample.name), labels.join(QLatin1Char(',')))
                        .arg(sample.value, 0, 'g', 17)
                        .arg(sample.timestamp.value_or(-1)));
    }

private:
    static QString text(std::string_view bytes) {
        return QString::fromUtf8(bytes.data(), qsizetype(bytes.size()));
    }
    Step note(const QString& line) {
        if (std::size_t(lines.size()) >= refuseFrom)
            return tl::unexpected(LineError{"enough", true});
        lines << line;
        return {};
    }
};

const QByteArray page = "# HELP a One \\\\ of\\nmany \xc3\xa9.\n"
                        "# TYPE a histogram\n"
                        "a_bucket{path=\"/x\\\"y\\\\\\n\xc3\xa9\",le=\"0.5\"} 3\n"
                        "a_bucket{path=\"/x\\\"y\\\\\\n\xc3\xa9\", le=\"+Inf\" ,} 5 1700000000123\n"
                        "\n"
                        "  # a comment\n"
                        "b -1.25e-3\n"
                        "{\"c.d\",\"e.f\"=\"g\xff\"} 123456789012345678\r\n";

QStringList read(const QByteArray& bytes, Format format, std::mt19937& random, QString* error,
                 QStringList* warnings) {
    const ExpositionLimits limits;
    Notes notes;
    ExpositionReader reader(format, limits, notes);
    ExpositionReader::Progress progress;
    for (qsizetype at = 0; progress && at < bytes.size();) {
        const auto size = std::min<qsizetype>(bytes.size() - at, 1 + qsizetype(random() % 40));
        // A piece of its own, so that a view into an earlier one would be seen by ASan.
        const std::string piece(bytes.constData() + at, std::size_t(size));
        progress = reader.feed(piece);
        at += size;
    }
    if (progress)
        progress = reader.finish();
    *error = progress ? QString() : QString::fromStdString(progress.error().message);
    for (const std::string& each : reader.takeWarnings())
        *warnings << QString::fromStdString(each);
    return notes.lines;
}

} // namespace

class TestExpositionReader : public QObject {
    Q_OBJECT

private:
    /// However the bytes are cut into pieces, the handler is shown the same.
    static void piecesDoNotMatter(const QByteArray& bytes, Format format) {
        const ExpositionLimits limits;
        Notes whole;
        ExpositionReader reader(format, limits, whole);
        auto progress = reader.feed({bytes.constData(), std::size_t(bytes.size())});
        if (progress)
            progress = reader.finish();
        const QString error =
            progress ? QString() : QString::fromStdString(progress.error().message);
        QStringList warnings;
        for (const std::string& each : reader.takeWarnings())
            warnings << QString::fromStdString(each);
        std::mt19937 random(1);
        for (int round = 0; round < 20; ++round) {
            QString seenError;
            QStringList seenWarnings;
            QCOMPARE(read(bytes, format, random, &seenError, &seenWarnings), whole.lines);
            QCOMPARE(seenError, error);
            QCOMPARE(seenWarnings, warnings);
        }
    }

private Q_SLOTS:
    void showsEachLine() {
        const ExpositionLimits limits;
        Notes notes;
        ExpositionReader reader(Format::Text, limits, notes);
        QVERIFY(reader.feed(page.toStdString()));
        QVERIFY(reader.finish());
        QCOMPARE(
            notes.lines,
            (QStringList{
                QStringLiteral("HELP a One \\ of\nmany \u00e9."),
                QStringLiteral("TYPE a %1").arg(int(MetricType::Histogram)),
                QStringLiteral("a_bucket{path=/x\"y\\\n\u00e9,le=0.5} 3 -1"),
                QStringLiteral("a_bucket{path=/x\"y\\\n\u00e9,le=+Inf} 5 %1").arg(1700000000.123),
                QStringLiteral("b{} -0.00125 -1"),
                QStringLiteral("c.d{e.f=g\ufffd} 1.2345678901234568e+17 -1")}));
        QCOMPARE(reader.samples(), std::size_t{4});
        QCOMPARE(reader.line(), std::size_t{8});
    }

    void anyPiecesWillDo() {
        piecesDoNotMatter(page, Format::Text);
        piecesDoNotMatter(page + "x{ 1\nb 2\n", Format::Text);
        piecesDoNotMatter(page + "cut 1", Format::Text);
        piecesDoNotMatter("# TYPE a counter\na_total 1 # {b=\"c\\n\"} 1 2\n# EOF\n",
                          Format::OpenMetrics);
        piecesDoNotMatter("a 1\n# EOF\na", Format::OpenMetrics);
    }

    void samplesInPieces() {
        const QDir samples(QStringLiteral(VIGIE_SOURCE_DIR "/../shared/samples/"));
        if (!samples.exists())
            QSKIP("the samples are not beside the checkout");
        int files = 0;
        for (const auto& folder : {"prometheus-text", "vllm", "tgi", "ray"}) {
            const QDir dir(samples.filePath(QLatin1String(folder)));
            for (const QString& name : dir.entryList({QStringLiteral("*.txt")})) {
                QFile file(dir.filePath(name));
                QVERIFY(file.open(QIODevice::ReadOnly));
                const QByteArray bytes = file.readAll();
                piecesDoNotMatter(bytes, Format::Text);
                piecesDoNotMatter(bytes, Format::OpenMetrics);
                ++files;
            }
        }
        QVERIFY(files > 10);
    }

    /// What is kept between pieces is one line, and a line has a limit.
    void aLineWithoutEndIsRefused() {
        ExpositionLimits limits;
        limits.maxLineBytes = 1000;
        Notes notes;
        ExpositionReader reader(Format::Text, limits, notes);
        QVERIFY(reader.feed("a 1\n"));
        const std::string piece(300, 'x');
        QVERIFY(reader.feed(piece) && reader.feed(piece) && reader.feed(piece));
        const auto refused = reader.feed(piece);
        QVERIFY(!refused);
        QVERIFY(refused.error().tooLarge);
        QCOMPARE(refused.error().line, std::size_t{2});
    }

    void endlessBytesAreRefused() {
        ExpositionLimits limits;
        limits.maxBytes = 10'000;
        Notes notes;
        ExpositionReader reader(Format::Text, limits, notes);
        ExpositionReader::Progress progress;
        int lines = 0;
        while (progress && lines < 100'000) {
            progress = reader.feed("# nothing\n");
            ++lines;
        }
        QCOMPARE(lines, 1001);
        QVERIFY(!progress && progress.error().tooLarge);
    }

    void anErrorIsFinal() {
        const ExpositionLimits limits;
        Notes notes;
        ExpositionReader reader(Format::Text, limits, notes);
        QVERIFY(!reader.feed("a\n"));
        const auto again = reader.feed("b 1\n");
        QVERIFY(!again);
        QCOMPARE(QString::fromStdString(again.error().message),
                 QStringLiteral("line 1: the metric \"a\" has no value"));
        QVERIFY(!reader.finish());
        QVERIFY(notes.lines.isEmpty());
    }

    void theHandlerMayRefuse() {
        const ExpositionLimits limits;
        Notes notes;
        notes.refuseFrom = 1;
        ExpositionReader reader(Format::Text, limits, notes);
        const auto refused = reader.feed("a 1\nb 2\nc 3\n");
        QVERIFY(!refused);
        QCOMPARE(QString::fromStdString(refused.error().message), QStringLiteral("line 2: enough"));
        QVERIFY(refused.error().tooLarge);
        QCOMPARE(notes.lines.size(), 1);
    }

    void onlyWantedFamiliesAreKept() {
        const auto isHistogram = [](const MetricFamily& family) {
            return family.type == MetricType::Histogram;
        };
        const auto all = parseExposition(page.toStdString(), Format::Text, {}, isHistogram);
        QVERIFY(all);
        QCOMPARE(all->samples, std::size_t{4});
        QCOMPARE(all->find("a")->samples.size(), std::size_t{2});
        QVERIFY(all->find("b")->samples.empty());
        // Late metadata is still noticed.
        QCOMPARE(parseExposition("x 1\n# TYPE x counter\n", Format::Text, {}, isHistogram)
                     ->warnings.size(),
                 std::size_t{1});
        QVERIFY(!parseExposition("x 1\n# TYPE x counter\n# EOF\n", Format::OpenMetrics, {},
                                 isHistogram));
    }
};

QTEST_GUILESS_MAIN(TestExpositionReader)
#include "tst_expositionreader.moc"
