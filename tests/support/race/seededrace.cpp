// Breaks the rule of Door on purpose: what was posted is written to afterwards.

#include "core/base/door.h"

#include <QCoreApplication>

#include <cstdio>
#include <memory>
#include <thread>

int main(int argc, char** argv) {
    const QCoreApplication application(argc, argv);
    const vigie::Door door;
    const auto shared = std::make_shared<int>(0);
    std::thread other([handle = door.handle(), shared] {
        handle.post([shared] {
            std::printf("read %d\n", *shared);
            QCoreApplication::quit();
        });
        for (int i = 0; i < 1000; ++i)
            *shared = i;
    });
    QCoreApplication::exec();
    other.join();
    return 0;
}
