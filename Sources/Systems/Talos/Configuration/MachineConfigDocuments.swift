import Model
import Yams

/// The documents of a machine configuration, for finding the Kubernetes images in them.
///
/// The text is full of secrets: nothing of it appears in an error, and this type prints nothing.
struct MachineConfigDocuments: CustomStringConvertible, CustomReflectable {
    /// The text as stored, byte for byte.
    let bytes: [UInt8]
    let documents: [Node]

    /// Reads all documents. Throws `.refused`, with the line but without its text, when they
    /// are not YAML.
    init(_ bytes: [UInt8]) throws(Problem) {
        guard let text = String(validating: bytes[Self.start(of: bytes)...], as: UTF8.self) else {
            throw Self.unreadable("is not UTF-8")
        }
        var found: [Node] = []
        do {
            let sequence = try Yams.compose_all(yaml: text)
            for document in sequence { found.append(document) }
            if let error = sequence.error { throw error }
        } catch {
            throw Self.unreadable(
                "is not valid YAML (at \(YAMLPlace.suffix(of: error).dropFirst()))")
        }
        self.bytes = bytes
        documents = found
    }

    /// Where an image is written, or belongs.
    struct Home: Equatable {
        var document: Int
        /// Keys from the document's root to the image.
        var path: [String]
    }

    /// The component's own document (Talos 1.14 and later) if there is one, else its field in the
    /// main document. Nil when there is no main document.
    func home(of component: KubernetesComponent) -> Home? {
        if let own = documents.firstIndex(where: {
            $0["kind"]?.nonEmptyString == component.documentKind
        }) {
            return Home(document: own, path: ["image"])
        }
        guard let main else { return nil }
        return Home(document: main, path: component.configPath)
    }

    /// The image the text names, nil when it names none.
    func image(of component: KubernetesComponent) -> String? {
        guard let home = home(of: component) else { return nil }
        return home.path.reduce(Optional(documents[home.document])) { node, key in
            node?.mapping?[key]
        }?.nonEmptyString
    }

    /// Whether the text switches a component off.
    ///
    /// Fields: `cluster.proxy.disabled`, `machine.controlPlane.{controllerManager,scheduler}
    /// .disabled` of v1alpha1, `enabled` of the component's own document.
    func isDisabled(_ component: KubernetesComponent) -> Bool {
        let own = documents.first { $0["kind"]?.nonEmptyString == component.documentKind }
        if own?["enabled"]?.bool == false { return true }
        guard let main else { return false }
        let root = documents[main]
        let machine = root["machine"]?["controlPlane"]
        return switch component {
        case .proxy: root["cluster"]?["proxy"]?["disabled"]?.isTrue ?? false
        case .controllerManager: machine?["controllerManager"]?["disabled"]?.isTrue ?? false
        case .scheduler: machine?["scheduler"]?["disabled"]?.isTrue ?? false
        case .apiServer, .kubelet: false
        }
    }

    /// The one document without a kind: `version: v1alpha1`, `machine` and `cluster`.
    private var main: Int? {
        documents.firstIndex { document in
            guard let mapping = document.mapping else { return false }
            return mapping["kind"] == nil && (mapping["machine"] ?? mapping["cluster"]) != nil
        }
    }

    var description: String { "(machine configuration)" }
    var customMirror: Mirror { Mirror(self, children: [:]) }

    /// Behind a byte order mark, if there is one.
    static func start(of bytes: [UInt8]) -> Int {
        bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    static func unreadable(_ what: String) -> Problem {
        Problem(
            .refused, "The machine configuration \(what).",
            fix: "Look at it: talosctl -n NODE get machineconfig v1alpha1 -o yaml")
    }
}
