// 1,000 slow clients and 50 that read nothing: others are answered within 50 ms.

#include "tests/core/http/serverload.h"

using namespace vigie;
using namespace std::chrono_literals;

class TestHttpServerLoad final : public QObject {
    Q_OBJECT

    ServerLoad m_load;

private Q_SLOTS:
    void initTestCase() { m_load.begin(); }
    void aThousandSlowClients() { m_load.slowClients(1000, 50ms); }
    void fiftyThatDoNotRead() { m_load.deafClients(50, 50ms); }
};

QTEST_GUILESS_MAIN(TestHttpServerLoad)
#include "tst_httpserverload_soak.moc"
