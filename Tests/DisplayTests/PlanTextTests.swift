import Model
import Testing

@testable import Display

struct PlanTextTests {
    private let style = Style(width: 80)

    @Test func `a plan tells nodes, file, order, backup and what to type`() {
        let image = Samples.image + ":v1.9.4"
        let text = Samples.text(
            PlanText(Samples.plan(), style).lines(next: .planOnly(file: nil)))
        #expect(
            text == """
                Plan: talos v1.9.4 on demo  (run 20261122-120000-7f3a)

                Nodes
                  node           role           version          note
                  demo-worker-1  worker         v1.9.2 → v1.9.4
                  demo-worker-2  worker         v1.9.2 → v1.9.4
                  demo-cp-1      control plane  v1.9.2 → v1.9.4  etcd leader, last
                  image \(image)

                File
                  terraform/terraform.tfvars:3 talos_version v1.9.2 → v1.9.4
                  committed as “talos: upgrade v1.9.2 to v1.9.4”

                What happens, in this order
                  1. prepare
                     take the locks; back up with Velero
                  2. declare
                     set talos_version to v1.9.4; commit terraform/terraform.tfvars
                  3. prefetch, side by side
                     demo-worker-1, demo-worker-2, demo-cp-1: pull the installer
                  4. workers, one at a time
                     demo-worker-1, demo-worker-2: cordon, drain, upgrade and reboot, prove,
                     uncordon
                     each waits until the other nodes are Ready and the machine itself is ready
                  5. control planes
                     demo-cp-1: save an etcd snapshot, cordon, drain, upgrade and reboot, prove,
                     uncordon
                     each waits until the other nodes are Ready, the machine itself is ready and
                                      etcd can do without it
                  6. finish
                     release the locks

                Backup
                  Velero backup bump-7f3a
                  etcd snapshot from demo-cp-1

                2 workers and 1 control plane of demo go from v1.9.2 to v1.9.4, one at a time.
                Each must be proven before the next one goes. A node that comes up on the new
                version but is not healthy in time is rolled back, and the run stops there.

                Nothing was changed. To carry this out:
                  bump talos v1.9.4
                """)
    }

    @Test func `errors come first, each with its fix, and end the text`() {
        let findings = [
            Finding(.note, "b", "A small thing."),
            Finding(
                .error, "a", "demo-worker-1 cannot go on.", at: "demo-worker-1",
                fix: "look at demo-worker-1"),
        ]
        let lines = PlanText(Samples.plan(findings: findings), style)
            .lines(next: .planOnly(file: nil))
        let known = lines.firstIndex(of: "To know") ?? 0
        #expect(
            Samples.text(Array(lines[known...].prefix(4))) == """
                To know
                  error: demo-worker-1 cannot go on. (demo-worker-1)
                    fix: look at demo-worker-1
                  note: A small thing.
                """)
        #expect(
            lines.last == "This plan will not be carried out: 1 error above. Nothing was changed.")
    }

    @Test func `a saved plan is carried out from its file`() {
        let lines = PlanText(Samples.plan(), style).lines(next: .planOnly(file: "roll.plan"))
        #expect(lines.last == "  bump apply roll.plan")
    }

    @Test func `before a question nothing is claimed about what was changed`() {
        let text = Samples.text(PlanText(Samples.plan(), style).lines())
        #expect(!text.contains("Nothing was changed"))
    }

    @Test func `the command to type has the options of the plan`() {
        let options = PlanOptions(
            maxUnavailable: 2, soak: .seconds(300), backup: false, commit: false, push: true,
            onFailure: .stop)
        let lines = PlanText(Samples.plan(options: options), style)
            .lines(next: .planOnly(file: nil))
        #expect(
            lines.last == "  bump talos v1.9.4 --max-unavailable 2 --soak 5m --on-failure stop "
                + "--no-backup --no-commit --push")
    }

    @Test func `a plan with nothing in it says so`() {
        var plan = Samples.plan()
        (plan.nodes, plan.stages, plan.edit) = ([], [], nil)
        #expect(
            PlanText(plan, style).lines().last
                == "Nothing to do: demo is at talos v1.9.4 already.")
        for (target, state) in [
            (Target.extensions(["zfs", "btrfs"]), "has just zfs, btrfs"),
            (.extensions([]), "has no extensions"),
            (.kubernetesRollback(Version(1, 32, 0)), "is at kubernetes 1.32.0"),
        ] {
            plan.target = target
            #expect(
                PlanText(plan, style).lines().last == "Nothing to do: demo \(state) already.")
        }
    }

    @Test func `workers that go together are said to`() {
        var plan = Samples.plan()
        let lanes = Samples.workers.map { Samples.roll($0, gates: []) }
        plan.stages = [
            Stage(title: "workers", lanes: lanes), Stage(title: "workers", lanes: lanes),
        ]
        let text = Samples.text(PlanText(plan, Style(width: 200)).lines())
        #expect(text.contains("1. workers, 2 at a time\n"))
        #expect(text.contains("up to 2 workers at a time"))
    }
}
