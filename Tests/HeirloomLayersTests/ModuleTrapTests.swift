import HeirloomLayers
import HeirloomTensors
import Testing

/// Wrong declarations trap with type and property, all of them together.
@Suite struct ModuleTrapTests {
    private static func message(_ result: ExitTest.Result?) -> String {
        String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    }

    @Test func undeclaredTensorsAndHiddenChildrenAreNamedTogether() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            final class Wrong: Module {
                let plain = Tensor.ones([1])
                let maybe: Tensor? = nil
                let many = [Tensor.ones([1])]
                let table = ["a": Linear(inputs: 1, outputs: 1, using: nil)]
                let pair = (1, Tensor.ones([1]))
            }
            final class Holder: Module { let inner = Wrong() }
            _ = Holder().namedParameters()
        }
        let message = Self.message(result)
        for name in ["Wrong.plain", "Wrong.maybe", "Wrong.many", "Wrong.table", "Wrong.pair"] {
            #expect(message.contains(name), "\(name) is not in: \(message)")
        }
        #expect(message.contains("@Parameter"))
    }

    @Test func twoTensorsOfOneNameTrap() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            final class Double: Module {
                @Parameter var weight: Tensor
                @Buffer(key: "weight") var other: Tensor
                override init() {
                    weight = .ones([1])
                    super.init()
                    other = .ones([1])
                }
            }
            _ = Double().state()
        }
        #expect(Self.message(result).contains("two entries named \"weight\""))
    }

    @Test func aModuleThatContainsItselfTraps() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            final class Loop: Module { var next: Loop? }
            let loop = Loop()
            loop.next = loop
            loop.train()
        }
        #expect(Self.message(result).contains("contains itself"))
    }

    @Test func readingAnUnsetParameterTraps() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            final class Unset: Module { @Parameter(key: "w") var weight: Tensor }
            _ = Unset().weight
        }
        #expect(Self.message(result).contains("parameter (w) was read before it was set"))
    }

    @Test func aResultOfAnOperationIsNoParameter() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let variable = Tensor.ones([1]).requireGradient()
            _ = Linear(inputs: 1, outputs: 1, using: nil).weight = variable * 2
        }
        #expect(Self.message(result).contains("a parameter must be a leaf"))
    }
}
