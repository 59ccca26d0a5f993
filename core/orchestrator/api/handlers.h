#pragma once

#include "core/orchestrator/api/route.h"

/// The handlers of the route table, a namespace and a .cpp for each resource.
namespace vigie {

namespace instances {
Task<ServerResponse> list(ApiContext& context, Call call);
Task<ServerResponse> search(ApiContext& context, Call call);
Task<ServerResponse> one(ApiContext& context, Call call);
Task<ServerResponse> history(ApiContext& context, Call call);
Task<ServerResponse> heartbeats(ApiContext& context, Call call);
Task<ServerResponse> tokenFigures(ApiContext& context, Call call);
Task<ServerResponse> logs(ApiContext& context, Call call);
} // namespace instances

namespace volumes_ {
Task<ServerResponse> list(ApiContext& context, Call call);
} // namespace volumes_

namespace actions {
Task<ServerResponse> terminate(ApiContext& context, Call call);
Task<ServerResponse> reinstall(ApiContext& context, Call call);
Task<ServerResponse> archive(ApiContext& context, Call call);
Task<ServerResponse> bootstrapSecret(ApiContext& context, Call call);
} // namespace actions

namespace operations {
Task<ServerResponse> plan(ApiContext& context, Call call);
Task<ServerResponse> start(ApiContext& context, Call call);
Task<ServerResponse> list(ApiContext& context, Call call);
Task<ServerResponse> one(ApiContext& context, Call call);
Task<ServerResponse> pause(ApiContext& context, Call call);
Task<ServerResponse> resume(ApiContext& context, Call call);
Task<ServerResponse> abort(ApiContext& context, Call call);
} // namespace operations

namespace catalog {
Task<ServerResponse> show(ApiContext& context, Call call);
Task<ServerResponse> sync(ApiContext& context, Call call);
Task<ServerResponse> reconcile(ApiContext& context, Call call);
Task<ServerResponse> adminStatus(ApiContext& context, Call call);
} // namespace catalog

namespace deployments {
Task<ServerResponse> create(ApiContext& context, Call call);
} // namespace deployments

namespace workers {
Task<ServerResponse> enroll(ApiContext& context, Call call);
Task<ServerResponse> heartbeat(ApiContext& context, Call call);
} // namespace workers

namespace events {
Task<ServerResponse> stream(ApiContext& context, Call call);
} // namespace events

namespace fleet {
Task<ServerResponse> snapshot(ApiContext& context, Call call);
} // namespace fleet

namespace alerts {
Task<ServerResponse> list(ApiContext& context, Call call);
Task<ServerResponse> silences(ApiContext& context, Call call);
Task<ServerResponse> silence(ApiContext& context, Call call);
Task<ServerResponse> endSilence(ApiContext& context, Call call);
} // namespace alerts

namespace breakers {
Task<ServerResponse> list(ApiContext& context, Call call);
Task<ServerResponse> calls(ApiContext& context, Call call);
Task<ServerResponse> impose(ApiContext& context, Call call);
} // namespace breakers

namespace latency {
Task<ServerResponse> show(ApiContext& context, Call call);
} // namespace latency

namespace tasks {
Task<ServerResponse> begin(ApiContext& context, Call call);
Task<ServerResponse> list(ApiContext& context, Call call);
Task<ServerResponse> one(ApiContext& context, Call call);
} // namespace tasks

namespace deadletters {
Task<ServerResponse> list(ApiContext& context, Call call);
Task<ServerResponse> edit(ApiContext& context, Call call);
Task<ServerResponse> drop(ApiContext& context, Call call);
Task<ServerResponse> replay(ApiContext& context, Call call);
} // namespace deadletters

namespace checkpoints {
Task<ServerResponse> list(ApiContext& context, Call call);
Task<ServerResponse> resume(ApiContext& context, Call call);
} // namespace checkpoints

namespace policy_ {
Task<ServerResponse> show(ApiContext& context, Call call);
Task<ServerResponse> change(ApiContext& context, Call call);
} // namespace policy_

namespace automation_ {
Task<ServerResponse> show(ApiContext& context, Call call);
Task<ServerResponse> change(ApiContext& context, Call call);
} // namespace automation_

namespace mock_ {
Task<ServerResponse> show(ApiContext& context, Call call);
Task<ServerResponse> change(ApiContext& context, Call call);
} // namespace mock_

namespace finops {
Task<ServerResponse> list(ApiContext& context, Call call);
} // namespace finops

namespace activity {
Task<ServerResponse> gpu(ApiContext& context, Call call);
Task<ServerResponse> system(ApiContext& context, Call call);
} // namespace activity

namespace machines {
Task<ServerResponse> orphans(ApiContext& context, Call call);
} // namespace machines

namespace simulations {
Task<ServerResponse> scenarios(ApiContext& context, Call call);
Task<ServerResponse> begin(ApiContext& context, Call call);
Task<ServerResponse> list(ApiContext& context, Call call);
Task<ServerResponse> one(ApiContext& context, Call call);
Task<ServerResponse> abort(ApiContext& context, Call call);
} // namespace simulations

namespace chaos_ {
Task<ServerResponse> show(ApiContext& context, Call call);
Task<ServerResponse> change(ApiContext& context, Call call);
} // namespace chaos_

namespace audit {
Task<ServerResponse> list(ApiContext& context, Call call);
Task<ServerResponse> search(ApiContext& context, Call call);
Task<ServerResponse> types(ApiContext& context, Call call);
} // namespace audit

namespace system_ {
Task<ServerResponse> version(ApiContext& context, Call call);
Task<ServerResponse> openApi(ApiContext& context, Call call);
Task<ServerResponse> login(ApiContext& context, Call call);
Task<ServerResponse> livez(ApiContext& context, Call call);
Task<ServerResponse> readyz(ApiContext& context, Call call);
Task<ServerResponse> health(ApiContext& context, Call call);
Task<ServerResponse> whoami(ApiContext& context, Call call);
Task<ServerResponse> jobs(ApiContext& context, Call call);
Task<ServerResponse> runJob(ApiContext& context, Call call);
Task<ServerResponse> metrics(ApiContext& context, Call call);
} // namespace system_

} // namespace vigie
