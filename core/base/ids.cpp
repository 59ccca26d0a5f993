#include "core/base/ids.h"

#include <QUuid>

namespace vigie {

QString newUuid() {
    return QUuid::createUuid().toString(QUuid::WithoutBraces);
}

} // namespace vigie
