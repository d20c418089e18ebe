import Yams

/// The one value wanted from a machine configuration, whose text is full of secrets.
struct MachineConfigSpec: Equatable {
    /// `machine.install.image` of the main document.
    var installImage: String?

    init(yaml: String) {
        guard let documents = try? Yams.compose_all(yaml: yaml) else { return }
        for document in documents {
            if let image = document["machine"]?["install"]?["image"]?.nonEmptyString {
                installImage = image
                return
            }
        }
    }
}
