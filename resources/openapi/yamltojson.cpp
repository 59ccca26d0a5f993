// yamltojson FILE.yaml VERSION OUT.cpp: writes the YAML document as JSON into a C++ source that
// defines vigie::openApiDocument(), with VERSION as info.version.

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>
#include <QTextStream>

#include <cstdio>
#include <exception>
#include <string>
#include <yaml-cpp/yaml.h>

namespace {

/// A plain scalar as YAML's core schema reads it; a quoted one is always a text.
QJsonValue scalar(const YAML::Node& node) {
    const QString text = QString::fromStdString(node.Scalar());
    if (node.Tag() == "!")
        return text;
    if (text == QLatin1String("true") || text == QLatin1String("false"))
        return text == QLatin1String("true");
    bool isNumber = false;
    const double number = text.toDouble(&isNumber);
    return isNumber ? QJsonValue(number) : QJsonValue(text);
}

QJsonValue converted(const YAML::Node& node) {
    if (node.IsSequence()) {
        QJsonArray array;
        for (const YAML::Node& item : node)
            array.append(converted(item));
        return array;
    }
    if (node.IsMap()) {
        QJsonObject object;
        for (const auto& member : node) {
            const QString key = QString::fromStdString(member.first.Scalar());
            if (object.contains(key))
                throw YAML::Exception(member.first.Mark(),
                                      "the key " + member.first.Scalar() + " is there twice");
            object.insert(key, converted(member.second));
        }
        return object;
    }
    return node.IsScalar() ? scalar(node) : QJsonValue();
}

QByteArray sourceOf(const QByteArray& json) {
    QByteArray out = "// Generated from resources/openapi/vigie.yaml; do not edit.\n"
                     "#include <QByteArray>\n\nnamespace vigie {\nQByteArray openApiDocument();\n"
                     "QByteArray openApiDocument() {\n    static constexpr char text[] =";
    constexpr qsizetype lineLength = 80;
    for (qsizetype at = 0; at < json.size(); at += lineLength) {
        QByteArray line = json.mid(at, lineLength);
        line.replace('\\', "\\\\").replace('"', "\\\"").replace('?', "\\?");
        out += "\n        \"" + line + '"';
    }
    return out + ";\n    return QByteArray::fromRawData(text, sizeof text - 1);\n}\n"
                 "} // namespace vigie\n";
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 4) {
        std::fputs("usage: yamltojson FILE.yaml VERSION OUT.cpp\n", stderr);
        return 2;
    }
    try {
        QJsonObject document = converted(YAML::LoadFile(argv[1])).toObject();
        QJsonObject info = document.value(QLatin1String("info")).toObject();
        info.insert(QLatin1String("version"), QString::fromLocal8Bit(argv[2]));
        document.insert(QLatin1String("info"), info);
        QSaveFile out(QString::fromLocal8Bit(argv[3]));
        const QByteArray json = QJsonDocument(document).toJson(QJsonDocument::Compact);
        if (!out.open(QIODevice::WriteOnly) || out.write(sourceOf(json)) < 0 || !out.commit()) {
            std::fprintf(stderr, "%s: %s\n", argv[3], qPrintable(out.errorString()));
            return 1;
        }
    } catch (const std::exception& e) {
        std::fprintf(stderr, "%s: %s\n", argv[1], e.what());
        return 1;
    }
    return 0;
}
