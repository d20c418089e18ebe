// The fuzz target is one module with the sources of HCL.
#if canImport(HCL)
    @testable import HCL
#endif

/// All values of a document that a path leads to.
struct DocumentPlaces {
    struct Place {
        let path: HCLPath
        let node: Int
    }

    private(set) var all: [Place] = []

    private static let most = 4096

    init(of document: HCLDocument) {
        for attribute in document.attributes {
            let path = HCLPath(name: attribute.name)
            guard let node = try? document.node(at: path) else { continue }
            all.append(Place(path: path, node: node))
        }
        var next = 0
        while next < all.count, all.count < DocumentPlaces.most {
            append(below: all[next], of: document)
            next += 1
        }
    }

    private mutating func append(below place: Place, of document: HCLDocument) {
        switch document.tree.nodes[place.node].kind {
        case .list:
            for (index, node) in document.elements(of: place.node).enumerated() {
                all.append(Place(path: place.path.appending(.index(index)), node: node))
            }
        case .object:
            for member in document.members(of: place.node) {
                guard let key = document.key(at: member.key) else { continue }
                let path = place.path.appending(.key(key))
                // Of members with the same key only the last counts.
                guard let node = try? document.node(at: path), node == member.value else {
                    continue
                }
                all.append(Place(path: path, node: node))
            }
        default: return
        }
    }
}

extension HCLPath {
    func appending(_ step: Step) -> HCLPath { HCLPath(name: name, steps: steps + [step]) }
}
