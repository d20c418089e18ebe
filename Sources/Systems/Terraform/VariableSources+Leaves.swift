import HCL
import Model

extension VariableSources {
    /// A value without members: of a variable, or inside one that is an object.
    struct Leaf {
        /// Such as `talos_image.version`; a list is one leaf.
        var path: HCLPath
        var value: HCLValue
        var place: Place
    }

    /// All values that take effect and stand in files: at most ten thousand.
    func leaves() -> [Leaf] {
        var found: [Leaf] = []
        for name in names {
            let top = HCLPath(name: name)
            guard let winner = settings(of: top).last, winner.encryption == nil,
                case .file(let place) = winner.origin, let value = winner.value,
                let file = file(place.file)
            else { continue }
            var open = [(top, value)]
            while let (path, value) = open.popLast(), found.count < 10_000 {
                if case .object(let members) = value, path.steps.count < 10 {
                    open += members.reversed().map { member in
                        (HCLPath(name: name, steps: path.steps + [.key(member.key)]), member.value)
                    }
                } else if let exact = file.document.value(at: file.path(to: path)) {
                    let place = Place(
                        file: file.name, path: file.path(to: path).description,
                        line: exact.line, column: exact.column)
                    found.append(Leaf(path: path, value: value, place: place))
                }
            }
        }
        return found
    }
}
