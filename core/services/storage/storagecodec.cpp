#include "core/services/storage/storagecodec.h"

#include "core/base/timeformat.h"

#include <QXmlStreamReader>

namespace vigie {

namespace {

constexpr qsizetype maxErrorBody = 64 * 1024;
constexpr std::size_t maxObjects = 10'000; // a page has 1000 at most

Failure unreadable(const QString& why) {
    return {FailureKind::Malformed,
            QStringLiteral("The listing of the storage can't be read: %1.").arg(why),
            0,
            {},
            {},
            {}};
}

QString content(QXmlStreamReader& xml) {
    return xml.readElementText(QXmlStreamReader::SkipChildElements);
}

StorageObject readObject(QXmlStreamReader& xml) {
    StorageObject object;
    while (xml.readNextStartElement()) {
        if (xml.name() == QLatin1String("Key"))
            object.key = content(xml);
        else if (xml.name() == QLatin1String("Size"))
            object.size = content(xml).toLongLong();
        else if (xml.name() == QLatin1String("ETag"))
            object.etag = content(xml).remove(u'"');
        else if (xml.name() == QLatin1String("LastModified"))
            object.modified = fromRfc3339(content(xml));
        else
            xml.skipCurrentElement();
    }
    return object;
}

/// Moves to the document's element; false when there is none or a document type comes first.
bool readRoot(QXmlStreamReader& xml) {
    while (!xml.atEnd()) {
        const auto token = xml.readNext();
        if (token == QXmlStreamReader::DTD)
            return false;
        if (token == QXmlStreamReader::StartElement)
            return true;
    }
    return false;
}

} // namespace

Outcome<StorageListing> decodeListing(const QByteArray& text) {
    QXmlStreamReader xml(text);
    if (!readRoot(xml) || xml.name() != QLatin1String("ListBucketResult"))
        return fail(unreadable(QStringLiteral("it is not the XML of ListObjectsV2")));
    StorageListing listing;
    bool isTruncated = false;
    while (xml.readNextStartElement()) {
        if (xml.name() == QLatin1String("Contents"))
            listing.objects.push_back(readObject(xml));
        else if (xml.name() == QLatin1String("IsTruncated"))
            isTruncated = content(xml).trimmed() == QLatin1String("true");
        else if (xml.name() == QLatin1String("NextContinuationToken"))
            listing.continuation = content(xml);
        else
            xml.skipCurrentElement();
        if (listing.objects.size() > maxObjects)
            return fail(unreadable(QStringLiteral("it has more than %1 objects").arg(maxObjects)));
    }
    if (xml.hasError())
        return fail(unreadable(QStringLiteral("%1 at line %2")
                                   .arg(tamedText(xml.errorString()))
                                   .arg(xml.lineNumber())));
    if (isTruncated && listing.continuation.isEmpty())
        return fail(unreadable(QStringLiteral("it is not the last page, but names no next one")));
    if (!isTruncated)
        listing.continuation.clear();
    return listing;
}

ErrorAnswer decodeStorageError(const QByteArray& text) {
    ErrorAnswer answer;
    QXmlStreamReader xml(text.left(maxErrorBody));
    if (!readRoot(xml) || xml.name() != QLatin1String("Error"))
        return answer;
    while (xml.readNextStartElement()) {
        if (xml.name() == QLatin1String("Code"))
            answer.code = content(xml).trimmed();
        else if (xml.name() == QLatin1String("Message"))
            answer.text = content(xml);
        else if (xml.name() == QLatin1String("RequestId"))
            answer.correlationId = content(xml);
        else
            xml.skipCurrentElement();
    }
    return answer;
}

} // namespace vigie
