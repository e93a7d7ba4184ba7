import HeirloomModels
import HeirloomTensors
import Testing

/// Foreign names and ours.
@Suite struct KeyTableTests {
    let table = KeyTable(
        family: "Test",
        rules: [
            .init("stem.{*}", "first.{*}"), .init("b.{0}.c{*}", "never.{*}"),
            .init("b.{0}.x.{1}.w", "blocks.{0}.{1}.weight"),
            .init("fc", "classifier"),
        ])

    @Test func bothWays() {
        #expect(table.own("stem.a.b") == "first.a.b" && table.foreign("first.a.b") == "stem.a.b")
        #expect(table.own("b.12.x.3.w") == "blocks.12.3.weight" && table.foreign("blocks.12.3.weight") == "b.12.x.3.w")
        #expect(table.own("fc") == "classifier" && table.own("fc.x") == nil && table.own("stem") == nil)
        #expect(table.own("b.x.x.3.w") == nil && table.own("b..x.3.w") == nil && table.own("b.1.x.3") == nil)
    }

    @Test func everyFaultIsListed() throws {
        let one = Tensor.ones([1])
        let error = try #require(throws: CheckpointError.self) {
            try table.renamed(["stem.a": one, "unknown": one, "b.1.x.2.w": one])
        }
        #expect(error.code == .keys)
        for part in ["unknown is not a name of Test", "nothing is named fc"] {
            #expect("\(error)".contains(part), "\(error)")
        }
        let renamed = try table.renamed(
            ["stem.a": one, "b.1.x.2.w": one, "fc": one], optional: ["b.{0}.c{*}"])
        #expect(Set(renamed.keys) == ["first.a", "blocks.1.2.weight", "classifier"])
    }
}
