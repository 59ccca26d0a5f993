# find_package(VigieResilience): the target Vigie::Resilience.
include(CMakeFindDependencyMacro)
find_dependency(Threads)
include("${CMAKE_CURRENT_LIST_DIR}/VigieResilienceTargets.cmake")
