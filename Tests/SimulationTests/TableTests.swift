import Foundation
import Model
import Testing

@testable import Simulation

/// A table is a dictionary, whatever is done to it, also where it begins to hash.
@Suite struct TableTests {
    @Test(arguments: 0..<40) func `it holds what a dictionary holds`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var table = Table<NodeName, Int>()
        var twin: [NodeName: Int] = [:]
        let names = (0..<(seed % 2 == 0 ? 12 : 40)).map { NodeName("node-\($0)") }
        for value in 0..<400 {
            let name = names[Int(generator.next() % UInt64(names.count))]
            switch generator.next() % 7 {
            case 0, 1:
                table[name] = value
                twin[name] = value
            case 2: #expect(table.remove(name) == twin.removeValue(forKey: name))
            case 3:
                table[name] = nil
                twin[name] = nil
            case 4:
                table.set(\.self, of: name, to: value)
                if twin[name] != nil { twin[name] = value }
            case 5:
                let isThere: Void? = table.update(name) { $0 += 1 }
                #expect((isThere == nil) == (twin[name] == nil))
                twin[name]? += 1
            default: #expect(table[name] == twin[name])
            }
            #expect(table.count == twin.count && table.contains(name) == (twin[name] != nil))
        }
        #expect(Dictionary(uniqueKeysWithValues: Array(table)) == twin)
        for name in names {
            #expect(table[name, \.description] == twin[name]?.description)
            #expect(table.position(of: name).map { table.values[$0] } == twin[name])
        }
        let text = try JSONEncoder().encode(table)
        let back = try JSONDecoder().decode([NodeName: Int].self, from: text)
        #expect(back == twin)
        let again = try JSONDecoder().decode(Table<NodeName, Int>.self, from: text)
        #expect(Dictionary(uniqueKeysWithValues: Array(again)) == twin)
    }
}
