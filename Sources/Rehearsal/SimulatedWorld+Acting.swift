import Execution
import Model
import Simulation

extension SimulatedWorld {
    /// Does it now, and answers when it would be done.
    mutating func perform(_ operation: Operation, limit: Duration, lane: Int) {
        let loss = drawLoss(of: operation)
        if loss == .unheard {
            return fail(lane: lane, after: .seconds(5), "The call was never heard.")
        }
        let due: Duration
        let result: Result<OperationResult, Problem>
        do {
            (due, result) = try act(operation)
        } catch let refusal as CallRefusal {
            (due, result) = (now, .failure(problem(refusal)))
        } catch {
            (due, result) = (now, .failure(Problem(error)))
        }
        let time = max(.zero, due - now)
        switch loss {
        case nil, .unheard, .late:
            let delay = loss == .late ? .seconds(20) : Self.latency
            let told = result.mapError(telling)
            guard case .install(let node, _) = operation else {
                return answer(after: time + delay, .performed(lane: lane, told))
            }
            answerInstall(on: node.name, after: time + delay, lane: lane, told)
        case .unanswered: fail(lane: lane, after: .seconds(5), "The call has no answer.")
        case .halfOpen:
            // As the driver says when a port has not come back in time.
            fail(lane: lane, after: limit + .seconds(15), "No end in time.", .stopped)
        }
    }

    /// How the way to a system fails.
    private enum Loss: CaseIterable {
        /// The request, or only its answer, is gone, and the connection breaks.
        case unheard, unanswered
        /// The answer is gone, and the connection stays open.
        case halfOpen
        /// The answer takes long.
        case late
    }

    private mutating func drawLoss(of operation: Operation) -> Loss? {
        guard losses > 0, Self.canBeLost(operation), generator.next() % 16 == 0 else { return nil }
        losses -= 1
        return Loss.allCases[Int(generator.next() % UInt64(Loss.allCases.count))]
    }

    private mutating func fail(
        lane: Int, after time: Duration, _ text: String, _ kind: Problem.Kind = .unreachable
    ) {
        answer(
            after: time, .performed(lane: lane, .failure(telling(Problem(kind, text)))))
    }

    /// With a secret in each of its parts, when failures tell one.
    private func telling(_ problem: Problem) -> Problem {
        var told = problem
        told.summary = telling(problem.summary)
        told.causes = (problem.causes + ["what it said"]).map(telling)
        return told
    }

    private static func canBeLost(_ operation: Operation) -> Bool {
        switch operation {
        case .edit, .undoEdit, .reviewInfrastructure, .applyInfrastructure, .commit, .push,
            .takeLocks, .releaseLocks:
            false
        default: true
        }
    }

    /// As the Talos client words what a node answers.
    private func problem(_ refusal: CallRefusal) -> Problem {
        let kind: Problem.Kind =
            switch refusal.code {
            case .unavailable, .aborted: .unreachable
            case .internal, .unknown: .stopped
            default: .refused
            }
        return Problem(kind, refusal.message)
    }

    private mutating func act(
        _ operation: Operation
    ) throws -> (Duration, Result<OperationResult, Problem>) {
        switch operation {
        case .takeLocks, .releaseLocks:
            // A release that is not heard leaves a Lease that runs out.
            isLocked = operation == .takeLocks && answersKubernetes
            guard answersKubernetes else { throw Self.noKubernetes }
        case .reviewInfrastructure(_, let strict, _):
            if terraform == .reviewRefuses, strict {
                throw Problem(.refused, "Terraform would replace a machine.")
            }
            if terraform == .reviewFailsOnce, strict {
                terraform = .works
                throw Problem(.unreachable, "Terraform's backend does not answer.")
            }
            return (now + .seconds(1), .success(.done(nil)))
        case .applyInfrastructure:
            if terraform == .applyFails {
                terraform = .works
                throw Problem(.stopped, "Terraform failed.")
            }
            return (now + .seconds(1), .success(.done(nil)))
        case .edit(let edit): try repository.edit(from: edit.old, to: edit.new)
        case .undoEdit(let edit): try repository.edit(from: edit.new, to: edit.old)
        case .commit(let request): return (now, .success(.done(repository.commit(request.message))))
        case .backUp(let name): try backUp(name)
        case .cordon(let node): try cordon(node.name, holder: run.text)
        case .uncordon(let node): try cordon(node.name, holder: nil)
        case .evict(let pod): return (now, .success(.evicted(evict(pod))))
        case .snapshotEtcd(let node): _ = try cluster.etcdStatus(on: node.name)
        case .push, .verifySchematic: break
        case .rescue, .destroyInfrastructure, .buildInfrastructure, .reconnect, .runHook,
            .proveBackup, .awaitVelero, .awaitBackup, .setLocations, .setFlux, .restore,
            .restoreFlux, .compare:
            return (try rebuild(operation), .success(.done(nil)))
        case .prefetch, .setImage, .applyManifests:
            return (try perform(component: operation), .success(.done(nil)))
        case .pull, .upgrade, .install, .awaitInstaller, .reboot, .rollback, .forfeitLeadership:
            return try change(operation)
        }
        return (now, .success(.done(nil)))
    }

    private mutating func change(
        _ operation: Operation
    ) throws -> (Duration, Result<OperationResult, Problem>) {
        var due = now
        switch operation {
        case .pull(let node, let image):
            due = try cluster.pullImage(image, on: node.name, by: Self.caller)
        case .upgrade(let node, let image):
            _ = try cluster.upgrade(image, on: node.name, by: Self.caller)
        case .install(let node, let image):
            let ticket = try cluster.lifecycleUpgrade(image, on: node.name, by: Self.caller)
            return (ticket.endsAt, Self.installResult(ticket.exitCode))
        case .awaitInstaller(let node): return try awaitInstaller(on: node.name)
        case .reboot(let node):
            _ = try cluster.reboot(node.name, by: Self.caller)
        case .rollback(let node):
            try cluster.rollback(node.name, by: Self.caller)
        case .forfeitLeadership(let node):
            _ = try cluster.forfeitLeadership(on: node.name, by: Self.caller)
        default:
            break
        }
        return (due, .success(.done(nil)))
    }

    private func awaitInstaller(
        on node: NodeName
    ) throws -> (Duration, Result<OperationResult, Problem>) {
        guard let machine = cluster.machines[node], machine.apiIsUp else {
            throw CallRefusal(.unavailable, "connection refused")
        }
        return (max(now, machine.installerEndsAt ?? now), .success(.done(nil)))
    }

    private static func installResult(_ exitCode: Int32?) -> Result<OperationResult, Problem> {
        switch exitCode {
        case 0: .success(.done(nil))
        case nil: .failure(Problem(.unreachable, "The installer gave no exit code."))
        case let code?: .failure(Problem(.stopped, "The installer ended with exit code \(code)."))
        }
    }

    // MARK: Kubernetes

    var answersKubernetes: Bool {
        now >= kubernetesAwayUntil && cluster.apiIsAvailable
    }

    /// With a holder it is cordoned in its name, without one uncordoned.
    private mutating func cordon(_ node: NodeName, holder: String?) throws {
        guard answersKubernetes else { throw Self.noKubernetes }
        cluster.setCordon(node, holder != nil, by: Self.caller)
        cluster.editNode(node, by: Self.caller) { facts in
            facts.annotations["bump.dev/cordoned-by"] = holder
        }
    }

    private mutating func backUp(_ name: String) throws {
        guard answersKubernetes else { throw Self.noKubernetes }
        if cluster.backups[name] == nil {
            cluster.createBackup(BackupRequest(name: name), by: Self.caller)
        }
        let end = now + .seconds(1_000)
        while cluster.backups[name]?.phase.isFinal == false, let next = cluster.nextHappening,
            next <= end
        {
            cluster.advance(to: next)
        }
        if cluster.backups[name]?.phase.isFinal == false { cluster.advance(to: end) }
        guard let backup = cluster.backups[name], backup.phase.rawValue == "Completed" else {
            let phase = cluster.backups[name]?.phase.rawValue ?? "unknown"
            throw Problem(.refused, "The backup \(name) ended as \(phase).")
        }
    }

    mutating func evict(_ pod: PodReference) -> EvictionAnswer {
        guard answersKubernetes else { return .tryAgain(Self.noKubernetes.summary) }
        return switch cluster.evict(uid: ObjectUID(pod.uid), by: Self.caller) {
        case .evicted, .notFound: .accepted
        case .refused(_, let message): .refused(message)
        case .ambiguous: .refused("more than one budget selects \(pod)")
        }
    }
}
