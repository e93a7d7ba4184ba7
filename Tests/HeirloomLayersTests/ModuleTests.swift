import HeirloomLayers
import HeirloomTensors
import TestSupport
import Testing

private final class Block: Module, UnaryLayer {
    let first = Linear(inputs: 2, outputs: 2, using: Generator(seed: 1))
    let layers: [Linear] = [Linear(inputs: 2, outputs: 3, bias: false, using: Generator(seed: 2))]
    let absent: Linear? = nil
    @Parameter var scale: Tensor
    @Parameter var shift: Tensor?
    @Buffer(key: "running_count") var count: Tensor
    let note = "not a tensor"

    override init() {
        scale = .ones([2])
        super.init()
        count = .zeros([], dtype: .int64)
    }

    func callAsFunction(_ x: Tensor) -> Tensor { layers[0](first(x) * scale) }
}

private final class Outer: Module {
    let block = Block()
    let norm = BatchNorm2d(channels: 2)
    let dropout = Dropout(0.5, using: Generator(seed: 3))
}

/// The module tree: names, modes, state, placement.
@Suite struct ModuleTests {
    @Test func namesFollowDeclarations() {
        let net = Outer()
        #expect(
            net.namedParameters().map(\.name) == [
                "block.scale", "block.first.weight", "block.first.bias", "block.layers.0.weight", "norm.weight",
                "norm.bias",
            ])
        #expect(
            net.namedBuffers().map(\.name) == [
                "block.running_count", "norm.running_mean", "norm.running_var", "norm.num_batches_tracked",
            ])
        #expect(net.children().map(\.name) == ["block", "norm", "dropout"])
        #expect(net.namedModules().map(\.name) == ["", "block", "block.first", "block.layers.0", "norm", "dropout"])
        #expect(net.parameterCount == 2 + 4 + 2 + 6 + 2 + 2)
        #expect(net.state().count == 10)
        net.block.shift = .zeros([2])
        #expect(net.namedParameters().map(\.name).contains("block.shift"))
    }

    @Test func sharedModulesAreListedOnce() {
        final class Twice: Module {
            let a: Linear
            let b: Linear
            override init() {
                a = Linear(inputs: 1, outputs: 1, using: nil)
                b = a
            }
        }
        #expect(Twice().namedParameters().map(\.name) == ["a.weight", "a.bias"])
    }

    @Test func modeIsRestoredWhenTheBodyThrows() {
        struct Stop: Error {}
        let net = Outer()
        #expect(!net.isTraining && !net.block.first.isTraining)
        net.norm.train()
        #expect(throws: Stop.self) {
            try net.withTraining(true) {
                #expect(net.isTraining && net.block.layers[0].isTraining && net.norm.isTraining)
                throw Stop()
            }
        }
        #expect(!net.isTraining && !net.block.layers[0].isTraining && net.norm.isTraining)
    }

    @Test func freezingStopsGradients() {
        let net = Outer()
        #expect(net.namedParameters().allSatisfy { $0.tensor.requiresGradient })
        #expect(net.namedBuffers().allSatisfy { !$0.tensor.requiresGradient })
        net.block.first.freeze()
        net.block(Tensor.ones([1, 2])).sum().backward()
        #expect(net.block.first.weight.gradient == nil && net.block.scale.gradient != nil)
        net.block.unfreeze()
        #expect(net.block.first.weight.requiresGradient)
        net.freeze()
        #expect(net.namedParameters().allSatisfy { !$0.tensor.requiresGradient && $0.tensor.gradient == nil })
    }

    @Test func loadingCopiesInPlace() throws {
        let net = Outer()
        let before = net.block.scale
        var state = Dictionary(uniqueKeysWithValues: net.state().map { ($0.name, $0.tensor.detached().copied()) })
        state["block.scale"] = Tensor([3, 4] as [Float])
        try net.load(state)
        #expect(net.block.scale === before && before.floats == [3, 4] && before.requiresGradient)
    }

    @Test func loadingListsEveryFaultAndChangesNothing() throws {
        let net = Outer()
        var state = Dictionary(uniqueKeysWithValues: net.state().map { ($0.name, $0.tensor.detached() + 1) })
        state["block.scale"] = Tensor.ones([3])
        state["norm.weight"] = nil
        state["norm.bias"] = Tensor.ones([2], dtype: .float16)
        state["extra"] = Tensor.ones([1])
        let error = try #require(throws: ModuleError.self) { try net.load(state) }
        #expect(
            Set(error.faults) == [
                .shape("block.scale", found: [3], expected: [2]), .missing("norm.weight", expected: "float32[2]"),
                .dtype("norm.bias", found: .float16, expected: .float32), .unused("extra", found: "float32[1]"),
            ])
        for name in ["block.scale", "norm.weight", "norm.bias", "extra"] { #expect("\(error)".contains(name)) }
        #expect(net.norm.runningMean.floats == [0, 0], "a tensor without fault was copied although others had some")
    }

    @Test func placementKeepsStatisticsInFloat32() {
        let net = Outer()
        net.freeze()
        net.to(dtype: .bfloat16)
        #expect(net.block.scale.dtype == .bfloat16 && net.block.first.weight.dtype == .bfloat16)
        #expect(net.norm.weight.dtype == .float32 && net.norm.runningVariance.dtype == .float32)
        #expect(net.norm.batchesTracked.dtype == .int64 && !net.block.scale.requiresGradient)
        net.to(dtype: .float64)
        #expect(net.norm.weight.dtype == .float64 && net.block.scale.dtype == .float64)
    }

    @Test func channelsLastAppliesToKernelsOnly() {
        let conv = Conv2d(inputChannels: 4, outputChannels: 4, kernel: 3, using: Generator(seed: 1))
        let before = conv.weight.floats
        conv.to(format: .channelsLast)
        #expect(conv.weight.isContiguous(.channelsLast) && !conv.weight.isContiguous() && conv.weight.floats == before)
        #expect(conv.weight.requiresGradient && conv.weight.isLeaf)
    }

    @Test func sequentialRunsInOrder() {
        let double = Linear(inputs: 1, outputs: 1, bias: false, initializer: .constant(2), using: Generator(seed: 0))
        let chain = Sequential(double, PReLU())
        #expect(chain(Tensor([-3] as [Float], shape: [1, 1])).floats == [-1.5])
        #expect(chain.namedParameters().map(\.name) == ["layers.0.weight", "layers.1.weight"])
    }

    /// In a process of its own: the counter counts the tensors of all tests.
    @Test func tensorsAreGivenBack() async {
        await #expect(processExitsWith: .success) {
            func use() {
                let net = Sequential(Linear(inputs: 2, outputs: 2, using: Generator(seed: 1)), PReLU())
                net.train()
                net(Tensor.ones([1, 2])).sum().backward()
                _ = net.state()
            }
            use()
            let before = Runtime.liveTensors
            use()
            precondition(Runtime.liveTensors == before, "\(Runtime.liveTensors - before) tensors leaked")
        }
    }
}
