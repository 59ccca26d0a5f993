// The signature against the examples that AWS publishes: "Signature Calculations for the
// Authorization Header" (S3) and the Signature Version 4 test suite.

#include "core/services/storage/sigv4.h"

#include <QTest>

using namespace vigie;

namespace {

using Query = QList<QPair<QByteArray, QByteArray>>;

constexpr auto may24 = WallTime(std::chrono::sys_days(std::chrono::year(2013) / 5 / 24));
const WallTime august30 = WallTime(std::chrono::sys_days(std::chrono::year(2015) / 8 / 30) +
                                   std::chrono::hours(12) + std::chrono::minutes(36));
const QByteArray emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

QByteArray signatureOf(const QByteArray& authorization) {
    return authorization.mid(authorization.indexOf("Signature=") + 10);
}

/// An example of S3's documentation.
QByteArray signedS3(SigV4Request request) {
    const SigV4Credentials credentials{
        "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", {}};
    request.headers.append({QByteArray("Host"), QByteArray("examplebucket.s3.amazonaws.com")});
    request.headers.append({QByteArray("x-amz-date"), amzDate(may24)});
    request.headers.append({QByteArray("x-amz-content-sha256"), request.payloadHash});
    return sigV4Authorization(request, credentials, "us-east-1", "s3", may24);
}

/// An example of the test suite.
QByteArray signedSuite(const QByteArray& method, const QByteArray& path, const Query& query,
                       const HttpHeaders& more = {}) {
    const SigV4Credentials credentials{
        "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", {}};
    SigV4Request request{method, path, query, more, emptyHash};
    request.headers.append({QByteArray("Host"), QByteArray("example.amazonaws.com")});
    request.headers.append({QByteArray("X-Amz-Date"), QByteArray("20150830T123600Z")});
    return sigV4Authorization(request, credentials, "us-east-1", "service", august30);
}

} // namespace

class TestSigV4 : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void s3GetObject() {
        const QByteArray authorization = signedS3(
            {"GET", "/test.txt", {}, {{QByteArray("Range"), QByteArray("bytes=0-9")}}, emptyHash});
        QCOMPARE(authorization,
                 QByteArray("AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/"
                            "s3/aws4_request,SignedHeaders=host;range;x-amz-content-sha256;"
                            "x-amz-date,Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48d"
                            "d91039c6036bdb41"));
    }

    void s3PutObject() {
        SigV4Request request{
            "PUT", '/' + uriEncoded("test$file.text"), {}, {}, sha256Hex("Welcome to Amazon S3.")};
        request.headers = {{QByteArray("Date"), QByteArray("Fri, 24 May 2013 00:00:00 GMT")},
                           {QByteArray("x-amz-storage-class"), QByteArray("REDUCED_REDUNDANCY")}};
        QCOMPARE(request.encodedPath, QByteArray("/test%24file.text"));
        QCOMPARE(signatureOf(signedS3(request)),
                 QByteArray("98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"));
    }

    void s3BucketLifecycle() {
        QCOMPARE(signatureOf(signedS3({"GET", "/", {{"lifecycle", ""}}, {}, emptyHash})),
                 QByteArray("fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"));
    }

    void s3ListObjects() {
        const Query query{{"prefix", "J"}, {"max-keys", "2"}};
        QCOMPARE(canonicalQuery(query), QByteArray("max-keys=2&prefix=J"));
        QCOMPARE(signatureOf(signedS3({"GET", "/", query, {}, emptyHash})),
                 QByteArray("34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"));
    }

    void suiteVanilla() {
        QCOMPARE(signatureOf(signedSuite("GET", "/", {})),
                 QByteArray("5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"));
    }

    void suiteQueryIsSorted() {
        QCOMPARE(signatureOf(signedSuite("GET", "/", {{"Param2", "value2"}, {"Param1", "value1"}})),
                 QByteArray("b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"));
    }

    void encodesAsRfc3986() {
        QCOMPARE(uriEncoded("AZaz09-._~"), QByteArray("AZaz09-._~"));
        QCOMPARE(uriEncoded("a b+c/d*\xc3\xa9"), QByteArray("a%20b%2Bc%2Fd%2A%C3%A9"));
        QCOMPARE(uriEncoded("a/b c", true), QByteArray("a/b%20c"));
        QCOMPARE(canonicalQuery({{"b", "2"}, {"a", "&="}, {"a", "1"}}),
                 QByteArray("a=%26%3D&a=1&b=2"));
    }

    void everythingMatters() {
        const QByteArray one = signedSuite("GET", "/", {});
        QVERIFY(signedSuite("PUT", "/", {}) != one);
        QVERIFY(signedSuite("GET", "/a", {}) != one);
        QVERIFY(signedSuite("GET", "/", {{"a", ""}}) != one);
        QVERIFY(signedSuite("GET", "/", {}, {{QByteArray("a"), QByteArray("b")}}) != one);
    }
};

QTEST_APPLESS_MAIN(TestSigV4)
#include "tst_sigv4.moc"
