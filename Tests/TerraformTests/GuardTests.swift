import Foundation
import Model
import Testing

@testable import Terraform

/// What a plan may do to a running cluster, judged by the real program's plans.
struct GuardTests {
    /// A configuration with stand-ins for machines, and the one line that binds the version.
    static func box(_ body: String, extra: String = "") throws -> Sandbox {
        try Sandbox([
            "main.tf": "variable \"talos_version\" {}\n" + body
                + "output \"controlplane_ips\" { value = { a = \"10.0.0.1\" } }\n" + extra,
            "terraform.tfvars": "talos_version = \"v1.9.2\"\n",
        ])
    }

    /// Applies, edits the version, reviews strictly, and puts the file back when refused.
    static func review(_ box: Sandbox, to version: String = "v1.9.4") async throws -> (
        word: String?, refusal: Problem?
    ) {
        let project = try box.project()
        _ = try await project.apply(directory: ".", within: .seconds(120)) { _ in }
        let place = try #require(try await project.declaration().talos.value).place
        let edit = ValueEdit(place: place, old: "v1.9.2", new: version)
        try await project.edit(edit)
        do {
            let word = try await project.review(
                directory: ".", strict: true, within: .seconds(120)
            ) { _ in }
            return (word, nil)
        } catch let problem as Problem {
            try await project.undo(edit)
            let text = try box.read("terraform.tfvars")
            #expect(text == "talos_version = \"v1.9.2\"\n")
            return (nil, problem)
        }
    }

    @Test func `a version bound into a machine that it replaces is refused by address`()
        async throws
    {
        let box = try Self.box(
            """
            resource "terraform_data" "vm" {
              for_each         = toset(["cp-1", "w-1"])
              triggers_replace = { disk = "talos-${var.talos_version}.img" }
            }

            """)
        let refusal = try #require(try await Self.review(box).refusal)
        #expect(refusal.kind == .refused)
        #expect(
            refusal.details
                == ["cp-1", "w-1"].map {
                    "  terraform_data.vm[\"\($0)\"] would be replaced, because of triggers_replace"
                })
        #expect(refusal.fix?.contains("apply: never") == true)
    }

    @Test func `ignored changes let the version pass`() async throws {
        let box = try Self.box(
            """
            resource "terraform_data" "vm" {
              triggers_replace = { disk = "talos-${var.talos_version}.img" }
              lifecycle { ignore_changes = [triggers_replace] }
            }

            """, extra: "output \"v\" { value = var.talos_version }\n")
        #expect(try await Self.review(box).word == "outputs v")
    }

    @Test func `a plan that only changes outputs is applied`() async throws {
        let box = try Self.box(
            "", extra: "output \"talos_image_url\" { value = \"f/${var.talos_version}.iso\" }\n")
        #expect(try await Self.review(box).word == "outputs talos_image_url")
        _ = try await box.project().apply(directory: ".", within: .seconds(60)) { _ in }
        #expect(try box.read("terraform.tfstate").contains("f/v1.9.4.iso"))
    }

    @Test func `secrets that a lower version makes anew are refused`() async throws {
        let box = try Self.box(
            """
            resource "terraform_data" "lowered" {
              input = tonumber(split(".", var.talos_version)[1]) < 9
            }
            resource "terraform_data" "secrets" {
              input = var.talos_version
              lifecycle { replace_triggered_by = [terraform_data.lowered] }
            }

            """)
        #expect(try await Self.review(box, to: "v1.10.0").word?.contains("to change") == true)
        try box.write("terraform.tfvars", "talos_version = \"v1.9.2\"\n")
        let refusal = try #require(try await Self.review(box, to: "v1.8.4").refusal)
        #expect(refusal.details.first?.contains("terraform_data.secrets would be replaced") == true)
    }

    @Test func `an object that lost its configuration would be destroyed`() async throws {
        let box = try Self.box(
            """
            resource "terraform_data" "vm" {
              for_each = toset([var.talos_version])
            }

            """)
        let refusal = try #require(try await Self.review(box).refusal)
        #expect(refusal.details == ["  terraform_data.vm[\"v1.9.2\"] would be destroyed"])
    }

    @Test func `nothing to do is said so`() async throws {
        let box = try Self.box("resource \"terraform_data\" \"vm\" {}\n")
        #expect(try await Self.review(box).word == "no changes")
    }

    @Test func `an object that an interrupted replacement left behind is named as such`()
        async throws
    {
        let box = try Self.box("resource \"terraform_data\" \"vm\" {}\n")
        let project = try box.project()
        _ = try await project.apply(directory: ".", within: .seconds(120)) { _ in }
        // As a replacement leaves it that makes the new object, and cannot destroy the old one.
        let text = try box.read("terraform.tfstate")
        let state = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
        var resource = try #require(state["resources"]?.array?.first)
        var older = try #require(resource["instances"]?.array?.first)
        older["deposed"] = "0a1b2c3d"
        resource["instances"] = .array((resource["instances"]?.array ?? []) + [older])
        var damaged = state
        damaged["resources"] = [resource]
        try box.write(
            "terraform.tfstate", String(decoding: JSONEncoder().encode(damaged), as: UTF8.self))
        let refusal = await #expect(throws: Problem.self) {
            try await project.review(directory: ".", strict: true, within: .seconds(60)) { _ in }
        }
        #expect(refusal?.details.count == 1)
        #expect(
            refusal?.details.first?.contains("vm would lose an older object (0a1b2c3d)") == true,
            "\(refusal as Any)")
    }

    @Test func `variables that only an apply would get are refused`() async throws {
        let box = try Sandbox()
        box.environment["TF_CLI_ARGS_apply"] = "-auto-approve -var-file=prod.tfvars"
        let project = try box.project()
        let problem = await #expect(throws: Problem.self) {
            try await project.review(
                directory: "terraform", strict: true, within: .seconds(60)
            ) { _ in }
        }
        #expect(problem?.fix?.contains("TF_CLI_ARGS_plan") == true)
    }
}

/// Resources that need their vendors' providers, judged from the plan's document.
struct PlanReviewTests {
    private static func change(
        _ type: String, _ actions: [JSONValue], before: JSONValue = [:], after: JSONValue = [:],
        unknown: JSONValue = [:], paths: JSONValue = [], deposed: JSONValue = nil
    ) -> JSONValue {
        var change: JSONValue = [
            "before": before, "after": after, "after_unknown": unknown, "replace_paths": paths,
        ]
        change["actions"] = .array(actions)
        return [
            "address": .string(type + ".x"), "type": .string(type), "change": change,
            "deposed": deposed,
        ]
    }

    private static func review(_ changes: JSONValue...) throws -> PlanReview {
        try PlanReview(["format_version": "1.2", "resource_changes": .array(changes)])
    }

    @Test(arguments: ["2.0", "12.1", nil] as [String?])
    func `a plan in a format of another major number is refused`(_ format: String?) {
        let problem = #expect(throws: Problem.self) {
            _ = try PlanReview(["format_version": format.map { .string($0) } ?? .null])
        }
        #expect(problem?.summary.contains(format ?? "unknown") == true)
        #expect(problem?.fix?.contains("BUMP_TERRAFORM") == true)
    }

    @Test(arguments: [["create", "forget"], ["evaporate"], []] as [[JSONValue]])
    func `an object that nobody knows of afterwards, or what nobody knows, is refused`(
        _ actions: [JSONValue]
    ) throws {
        let refusal = try Self.review(Self.change("libvirt_domain", actions))
            .refusal(directory: ".")
        #expect(
            refusal?.details == [
                actions.count == 2
                    ? "  libvirt_domain.x would be replaced"
                    : "  libvirt_domain.x would be changed in an unknown way "
                        + "(\(actions.first?.string ?? ""))"
            ])
    }

    @Test func `what is forgotten, moved, imported or set off is told`() throws {
        var moved = Self.change("libvirt_domain", ["no-op"])
        moved["previous_address"] = "libvirt_domain.y"
        var change = Self.change("libvirt_network", ["no-op"])
        change["change"] = ["actions": ["no-op"], "importing": ["id": "1"]]
        let review = try PlanReview([
            "format_version": "1.2",
            "resource_changes": [moved, change, Self.change("libvirt_pool", ["forget"])],
            "action_invocations": [["address": "action.proxmox_reboot.all"]],
        ])
        #expect(review.refusal(directory: ".") == nil)
        #expect(
            review.summary
                == "1 to forget (libvirt_pool.x), "
                + "2 to import or move (libvirt_domain.x, libvirt_network.x)")
        #expect(review.warnings == ["the action action.proxmox_reboot.all would run"])
    }

    @Test(arguments: [
        "proxmox_virtual_environment_download_file", "proxmox_download_file",
    ])
    func `another image may be downloaded in place of the old one`(_ type: String) throws {
        for actions: [JSONValue] in [["delete", "create"], ["create", "delete"], ["delete"]] {
            let review = try Self.review(Self.change(type, actions))
            #expect(review.refusal(directory: ".") == nil)
            #expect(review.summary == "1 image download to replace (\(type).x)")
        }
    }

    @Test(arguments: ["local_file", "local_sensitive_file", "talos_image_factory_schematic"])
    func `a file or a schematic may be written anew, not lost`(_ type: String) throws {
        for actions: [JSONValue] in [["delete", "create"], ["create", "delete"]] {
            let review = try Self.review(Self.change(type, actions))
            #expect(review.refusal(directory: ".") == nil)
            #expect(review.summary == "1 to write anew (\(type).x)")
        }
        #expect(try Self.review(Self.change(type, ["delete"])).refusal(directory: ".") != nil)
    }

    @Test func `a machine is refused with what made it be replaced`() throws {
        let refusal = try Self.review(
            Self.change(
                "proxmox_virtual_environment_vm", ["delete", "create"],
                paths: [["disk", 0, "file_id"], ["cpu"]])
        ).refusal(directory: "terraform")
        #expect(
            refusal?.details == [
                "  proxmox_virtual_environment_vm.x would be replaced, because of "
                    + "disk[0].file_id, cpu"
            ])
        #expect(refusal?.location == "terraform")
    }

    @Test func `new secrets are called what they are`() throws {
        let refusal = try Self.review(
            Self.change("talos_machine_secrets", ["delete", "create"], paths: [["talos_version"]])
        ).refusal(directory: ".")
        #expect(refusal?.details.first?.hasSuffix("new secrets for the whole cluster") == true)
        #expect(
            try Self.review(Self.change("talos_machine_secrets", ["update"]))
                .refusal(directory: ".") == nil)
    }

    @Test func `nodes that Terraform itself would upgrade are refused`() throws {
        let image: (String) -> JSONValue = { ["image": .string("installer:" + $0)] }
        let known = Self.change(
            "talos_machine", ["update"], before: image("v1.9.2"), after: image("v1.9.4"))
        let unknown = Self.change(
            "talos_machine", ["update"], before: image("v1.9.2"), unknown: ["image": true])
        let other = Self.change(
            "talos_machine", ["update"], before: image("v1.9.2"), after: image("v1.9.2"))
        for plan in [known, unknown] {
            let refusal = try Self.review(plan).refusal(directory: ".")
            #expect(refusal?.details == ["  talos_machine.x would be upgraded"])
        }
        #expect(try Self.review(other).refusal(directory: ".") == nil)
        let cluster = Self.change(
            "talos_cluster", ["update"], before: ["kubernetes_version": "1.32.0"],
            after: ["kubernetes_version": "1.33.0"])
        #expect(try Self.review(cluster).refusal(directory: ".") != nil)
    }

    @Test func `a configuration that is sent to a node is told`() throws {
        let review = try Self.review(Self.change("talos_machine_configuration_apply", ["update"]))
        #expect(review.refusal(directory: ".") == nil)
        #expect(review.warnings.count == 1)
    }

    @Test func `a deposed download is no loss, a deposed machine is`() throws {
        let image = Self.change("proxmox_download_file", ["delete"], deposed: "ab12")
        let machine = Self.change("libvirt_domain", ["delete"], deposed: "ab12")
        #expect(try Self.review(image).refusal(directory: ".") == nil)
        #expect(
            try Self.review(machine).refusal(directory: ".")?.details.first?.contains("(ab12)")
                == true)
    }
}
