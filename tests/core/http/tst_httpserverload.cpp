// The short form of tst_httpserverload_soak, without times.

#include "tests/core/http/serverload.h"

using namespace vigie;
using namespace std::chrono_literals;

class TestHttpServerLoad final : public QObject {
    Q_OBJECT

    ServerLoad m_load;

private Q_SLOTS:
    void initTestCase() { m_load.begin(); }
    void slowClients() { m_load.slowClients(200, std::nullopt); }
    void clientsThatDoNotRead() { m_load.deafClients(10, std::nullopt); }
};

QTEST_GUILESS_MAIN(TestHttpServerLoad)
#include "tst_httpserverload.moc"
