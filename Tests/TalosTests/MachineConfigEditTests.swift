import Model
import Testing

@testable import Talos

/// Every case is a text, the same text with `@` where the new image goes, and how it is refused.
struct MachineConfigEditTests {
    static let old = "registry.k8s.io/kube-scheduler:v1.32.4"
    static let new = "registry.k8s.io/kube-scheduler:v1.33.1"

    /// `before` holds `%` for the old image, `after` holds `@` for the new one.
    struct Case: CustomTestStringConvertible, Sendable {
        var name: String
        var before: String
        var after: String
        var testDescription: String { name }
        init(_ name: String, _ before: String, _ after: String) {
            (self.name, self.before, self.after) = (name, before, after)
        }
        /// Where the only difference is the image itself.
        init(_ name: String, _ text: String) {
            self.init(name, text, text.replacing("%", with: "@"))
        }
    }

    static let replacements = [
        Case("plain", "cluster:\n    scheduler:\n        image: %\n"),
        Case("double quotes", "cluster:\n  scheduler:\n    image: \"%\"\n"),
        Case("single quotes", "cluster:\n  scheduler:\n    image: '%'\n"),
        Case("a comment behind", "cluster:\n  scheduler:\n    image: % # keep: me\n"),
        Case("a comment behind quotes", "cluster:\n  scheduler:\n    image: \"%\"   # keep\n"),
        Case(
            "comments around",
            "# a\ncluster: # b\n  # c\n  scheduler: # d\n    # e\n    image: %\n# f"),
        Case("CRLF", "cluster:\r\n  scheduler:\r\n    image: %\r\n  proxy: {}\r\n"),
        Case("byte order mark", "\u{FEFF}cluster:\n  scheduler:\n    image: %\n"),
        Case("no line break at the end", "cluster:\n  scheduler:\n    image: %"),
        Case("flow", "cluster: {scheduler: {image: %, extraArgs: {v: \"2\"}}}\n"),
        Case("flow with quotes", "{\"cluster\":{\"scheduler\":{\"image\":\"%\"},\"id\":\"x\"}}"),
        Case("flow over lines", "cluster: {\n  scheduler: {\n    image: '%',\n  },\n}\n"),
        Case("quoted keys", "\"cluster\":\n  'scheduler':\n    \"image\": %\n"),
        Case("value on the next line", "cluster:\n  scheduler:\n    image:\n      %\n"),
        Case("a comment before the value", "cluster:\n  scheduler:\n    image: # here\n      %\n"),
        Case("tab before the value", "cluster:\n  scheduler:\n    image:\t%\n"),
        Case("folded", "cluster:\n  scheduler:\n    image: >-\n      %\n    extraArgs: {}\n"),
        Case("tag", "cluster:\n  scheduler:\n    image: !!str %\n"),
        Case("unused anchor", "cluster:\n  scheduler:\n    image: &i %\n"),
        Case(
            "letters of many bytes before",
            "x: \"über—€ 漢字\"\ncluster: {id: \"ü€😀\", scheduler: {image: %}}\n"),
        Case(
            "other image of the same text",
            "cluster:\n  proxy:\n    image: \(old)\n  scheduler:\n    image: %\n"),
        Case(
            "same text in a string",
            "a: |\n  cluster:\n    scheduler:\n      image: \(old)\ncluster:\n  scheduler:\n    image: %\n"
        ),
        Case("explicit key", "? cluster\n: ? scheduler\n  : ? image\n    : %\n"),
        Case(
            "several documents",
            "---\napiVersion: v1alpha1\nkind: HostnameConfig\nhostname: a # x\n---\nversion: v1alpha1\n"
                + "cluster:\n    scheduler:\n        image: %\n---\n# last\napiVersion: v1alpha1\n"
                + "kind: VolumeConfig\nname: EPHEMERAL\n...\n"),
        Case(
            "own document of 1.14",
            "machine:\n  type: controlplane\ncluster:\n  id: x\n---\napiVersion: v1alpha1\n"
                + "kind: KubeSchedulerConfig\nimage: %\nextraArgs:\n  v: 2\n"),
        Case(
            "alias elsewhere",
            "x: &args {v: \"2\"}\ncluster:\n  apiServer: {extraArgs: *args}\n  scheduler:\n"
                + "    extraArgs: *args\n    image: %\n"),
    ]

    static let insertions = [
        Case(
            "an alias gives way", "x: &i \(old)\ncluster:\n  scheduler:\n    image: *i # c\n",
            "x: &i \(old)\ncluster:\n  scheduler:\n    image: @ # c\n"),
        Case(
            "empty image", "cluster:\n  scheduler:\n    image: # none\n",
            "cluster:\n  scheduler:\n    image: @ # none\n"),
        Case(
            "empty quotes", "cluster:\n  scheduler:\n    image: \"\"\n",
            "cluster:\n  scheduler:\n    image: \"@\"\n"),
        Case(
            "null image", "cluster:\n  scheduler:\n    image: null\n",
            "cluster:\n  scheduler:\n    image: @\n"),
        Case(
            "no image",
            "cluster:\n    scheduler:\n        # why\n        extraArgs:\n            v: 2\n",
            "cluster:\n    scheduler:\n        image: @\n        # why\n        extraArgs:\n            v: 2\n"
        ),
        Case(
            "no image, CRLF", "cluster:\r\n  scheduler:\r\n    v: 2\r\n",
            "cluster:\r\n  scheduler:\r\n    image: @\r\n    v: 2\r\n"),
        Case(
            "no image, a comment behind the key", "cluster:\n  scheduler: # s\n     v: 2\n",
            "cluster:\n  scheduler: # s\n     image: @\n     v: 2\n"),
        Case(
            "no image, an anchor on its own line", "cluster:\n  scheduler:\n    &s\n    v: 2\n",
            "cluster:\n  scheduler:\n    &s\n    image: @\n    v: 2\n"),
        Case(
            "empty braces", "cluster:\n  scheduler: {} # d\n  proxy: {}\n",
            "cluster:\n  scheduler: {image: \"@\"} # d\n  proxy: {}\n"),
        Case(
            "braces without image", "cluster: {scheduler: { v: 2 }}",
            "cluster: {scheduler: {image: \"@\",  v: 2 }}"),
        Case(
            "nothing behind the key", "cluster:\n  scheduler:\n  proxy:\n    disabled: true\n",
            "cluster:\n  scheduler:\n    image: @\n  proxy:\n    disabled: true\n"),
        Case(
            "nothing behind the key at the end", "machine:\n   type: x\ncluster:\n   scheduler:",
            "machine:\n   type: x\ncluster:\n   scheduler:\n      image: @"),
        Case(
            "nothing behind the key in braces", "cluster: {scheduler: , proxy: {}}",
            "cluster: {scheduler: {image: \"@\"} , proxy: {}}"),
        Case(
            "null", "cluster:\n  scheduler: null # n\n",
            "cluster:\n  scheduler: {image: \"@\"} # n\n"),
        Case(
            "no scheduler", "cluster:\n    # the id\n    id: x\n",
            "cluster:\n    scheduler:\n        image: @\n    # the id\n    id: x\n"),
        Case(
            "no scheduler in braces", "cluster: {id: x}",
            "cluster: {scheduler: {image: \"@\"}, id: x}"),
        Case(
            "no cluster", "# top\nversion: v1alpha1\nmachine:\n  type: x\n",
            "# top\ncluster:\n  scheduler:\n    image: @\nversion: v1alpha1\nmachine:\n  type: x\n"),
        Case(
            "merged from elsewhere",
            "x: &b {image: a:v1}\ncluster:\n  scheduler:\n    <<: *b\n    v: 2\n",
            "x: &b {image: a:v1}\ncluster:\n  scheduler:\n    image: @\n    <<: *b\n    v: 2\n"),
        Case(
            "own document without image",
            "cluster: {id: x}\n---\nkind: KubeSchedulerConfig\nv: 2\n",
            "cluster: {id: x}\n---\nimage: @\nkind: KubeSchedulerConfig\nv: 2\n"),
        Case(
            "literal with its line break", "cluster:\n  scheduler:\n    image: |-\n      \(old)\n",
            "cluster:\n  scheduler:\n    image: |-\n      @\n"),
    ]

    @Test(arguments: replacements + insertions)
    func `only the image's own bytes change`(_ example: Case) throws {
        let before = example.before.replacing("%", with: Self.old)
        let after = example.after.replacing("@", with: Self.new)
        let edited = try MachineConfigEdit.setting(
            Self.new, of: .scheduler, in: Array(before.utf8))
        #expect(edited.map { String(decoding: $0, as: UTF8.self) } == after)
        let again = try edited.map {
            try MachineConfigEdit.setting(Self.new, of: .scheduler, in: $0)
        }
        #expect(again == .some(nil))
    }

    @Test(arguments: [
        "cluster:\n  scheduler:\n    image: &i \(old)\n  other: *i\n",
        "cluster:\n  apiServer: &a\n    image: \(old)\n  scheduler: *a\n",
        "cluster:\n  scheduler: &a {image: \(old)}\n  proxy: *a\n",
        "x: &a {id: y}\ncluster: *a\n",
        "cluster:\n  scheduler: [a, b]\n", "cluster:\n  scheduler: text\n",
        "cluster:\n  scheduler:\n    image: [\(old)]\n",
        "kind: HostnameConfig\nhostname: secret-name\n", "", "- a\n",
        "cluster: {secret-name: [\n", "cluster:\n  id: secret-name\n  id: b\n",
        "cluster:\n  id: *secret-name\n", "cluster:\n\tid: secret-name\n",
    ])
    func `what cannot be changed alone is refused without a word of it`(text: String) {
        let problem = #expect(throws: Problem.self) {
            _ = try MachineConfigEdit.setting(Self.new, of: .scheduler, in: Array(text.utf8))
        }
        #expect(problem?.kind == .refused)
        #expect(!"\(problem.map { "\($0)" } ?? "")".contains("secret-name"))
    }

    @Test func `a tree made large by aliases is refused in bounded time`() {
        var text = "a0: &a0 [x, x]\n"
        for level in 1...40 { text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
        text += "cluster: {id: y}\n"
        #expect(throws: Problem.self) {
            _ = try MachineConfigEdit.setting(Self.new, of: .scheduler, in: Array(text.utf8))
        }
    }

    @Test(arguments: ["", "a b", "x:", "a\n  type: worker", "a\"", "-x", "a: b", "ü"])
    func `what is no image reference is not written`(image: String) {
        #expect(throws: Problem.self) {
            _ = try MachineConfigEdit.setting(image, of: .kubelet, in: Array("machine: {}".utf8))
        }
    }

    @Test(arguments: KubernetesComponent.allCases)
    func `each component of a real configuration is changed in one line`(
        component: KubernetesComponent
    ) throws {
        let before = MachineConfigSamples.controlPlane
        let documents = try MachineConfigDocuments(Array(before.utf8))
        let old = try #require(documents.image(of: component))
        let image = try #require(ComponentImage(old)?.at(Version(1, 33, 1)).description)
        let edited = try #require(
            try MachineConfigEdit.setting(image, of: component, in: Array(before.utf8)))
        let after = String(decoding: edited, as: UTF8.self)
        #expect(after == before.replacing(old, with: image))
        let changed = zip(before.split(separator: "\n"), after.split(separator: "\n"))
            .filter { $0 != $1 }
        #expect(changed.count == 1)
        #expect(try MachineConfigDocuments(edited).image(of: component) == image)
    }

    @Test func `what is switched off is known`() throws {
        let text = """
            machine:
              controlPlane: {scheduler: {disabled: true}, controllerManager: {disabled: false}}
            cluster: {proxy: {disabled: true}}
            """
        let documents = try MachineConfigDocuments(Array(text.utf8))
        #expect(documents.isDisabled(.proxy) && documents.isDisabled(.scheduler))
        #expect(!documents.isDisabled(.controllerManager) && !documents.isDisabled(.kubelet))
        let own = try MachineConfigDocuments(
            Array("cluster: {}\n---\nkind: KubeProxyConfig\nenabled: false\n".utf8))
        #expect(own.isDisabled(.proxy))
    }

    @Test func `a refused configuration is not quoted`() {
        let message = """
            configuration validation failed: 2 errors occurred:
            \t* kubelet image is not valid
            unknown keys found during decoding:
            cluster:
                secretKey: hunter2
            """
        let safe = ConfigurationRefusal.safe(message)
        #expect(safe.contains("* kubelet image is not valid") && !safe.contains("hunter2"))
    }
}
