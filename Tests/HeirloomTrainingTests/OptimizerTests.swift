import HeirloomLayers
import HeirloomTensors
import HeirloomTraining
import TestSupport
import Testing

/// Twelve steps against torch.optim (`Fixtures/training/generate_optimizers.py`), and fastai's Adam.
@Suite struct OptimizerTests {
    private let golden: [String: Tensor]

    init() throws { golden = try Fixture.tensors("training/optimizers.safetensors") }

    private func value(_ name: String) throws -> Tensor { try #require(golden[name], "\(name)") }

    private func groups() throws -> [ParameterGroup] {
        func group(_ name: String, _ keys: [String], rate: Double, decay: Double) throws -> ParameterGroup {
            ParameterGroup(
                name: name, parameters: try keys.map { ($0, try value("\($0)/start").copied().requireGradient()) },
                rate: rate, weightDecay: decay)
        }
        return [
            try group("matrices", ["conv.weight", "linear.weight"], rate: 0.02, decay: 0.1),
            try group("vectors", ["conv.bias", "linear.bias"], rate: 0.005, decay: 0),
        ]
    }

    private func settings(_ step: Int) throws -> StepSettings {
        StepSettings(
            rateFactor: Double(try value("factor").floats[step]), momentum: Double(try value("momentum").floats[step]))
    }

    /// Sets the gradients of a step, multiplied by something.
    private func setGradients(_ groups: [ParameterGroup], step: Int, times factor: Double = 1) throws {
        for (key, tensor) in groups.flatMap(\.parameters) {
            tensor.setGradient(try value("grad/\(step)/\(key)") * factor)
        }
    }

    private func train(_ optimizer: any Optimizer, from start: Int = 0, to end: Int = 12) throws {
        for step in start..<end {
            try setGradients(optimizer.groups, step: step)
            optimizer.step(try settings(step), gradientDivisor: nil, skip: nil)
        }
    }

    private func make(_ name: String, _ groups: [ParameterGroup]) -> any Optimizer {
        name == "adamw" ? AdamW(groups) : SGD(groups)
    }

    @Test(arguments: ["adamw", "sgd"])
    func twelveStepsAreTorchs(name: String) throws {
        let optimizer = make(name, try groups())
        try train(optimizer)
        for (key, tensor) in optimizer.groups.flatMap(\.parameters) {
            // the fused kernel and torch's plain loop round differently
            expectClose(tensor.detached(), try value("\(name)/\(key)"), absolute: 2e-6, key)
        }
        var compared = 0
        for (key, tensor) in optimizer.state() where !key.hasSuffix("/steps") {
            expectClose(tensor, try value("\(name)/\(key)"), absolute: 1e-9, relative: 1e-5, key)
            compared += 1
        }
        #expect(compared == (name == "adamw" ? 8 : 4))
    }

    @Test(arguments: ["adamw", "sgd"])
    func aDivisorDividesTheGradients(name: String) throws {
        let (plain, divided) = (make(name, try groups()), make(name, try groups()))
        for step in 0..<4 {
            try setGradients(plain.groups, step: step)
            plain.step(try settings(step), gradientDivisor: nil, skip: nil)
            try setGradients(divided.groups, step: step, times: 8)
            divided.step(try settings(step), gradientDivisor: Tensor(8), skip: Tensor(0))
        }
        // 8 is a power of two: nothing is rounded
        #expect(differences(copies(plain.state()), copies(divided.state())) == [])
        for (a, b) in zip(plain.parameters, divided.parameters) { expectEqual(a.detached(), b.detached()) }
    }

    @Test(arguments: ["adamw", "sgd"])
    func aSkippedStepChangesNothing(name: String) throws {
        let optimizer = make(name, try groups())
        try train(optimizer, to: 3)
        let (state, weights) = (copies(optimizer.state()), optimizer.parameters.map { $0.detached().copied() })
        for parameter in optimizer.parameters { parameter.setGradient(.full(parameter.shape, .nan)) }
        optimizer.step(StepSettings(), gradientDivisor: nil, skip: Tensor(1))
        #expect(differences(copies(optimizer.state()), state) == [])
        for (parameter, weight) in zip(optimizer.parameters, weights) { expectEqual(parameter.detached(), weight) }
        // The steps that follow are those of a run without it.
        try train(optimizer, from: 3)
        for (key, tensor) in optimizer.groups.flatMap(\.parameters) {
            expectClose(tensor.detached(), try value("\(name)/\(key)"), absolute: 2e-6, key)
        }
    }

    @Test(arguments: ["adamw", "sgd"])
    func parametersWithoutGradientsStay(name: String) throws {
        let optimizer = make(name, try groups())
        try setGradients(optimizer.groups, step: 0)
        optimizer.parameters[1].setGradient(nil)
        let before = optimizer.parameters.map { $0.detached().copied() }
        optimizer.step()
        let changed = zip(optimizer.parameters, before).map { !$0.detached().isEqual(to: $1) }
        #expect(changed == [true, false, true, true])
        optimizer.clearGradients()
        #expect(optimizer.parameters.allSatisfy { $0.gradient == nil })
    }

    @Test(arguments: ["adamw", "sgd"])
    func aStateThatIsLoadedGoesOn(name: String) throws {
        let whole = make(name, try groups())
        try train(whole)
        let first = make(name, try groups())
        try train(first, to: 5)
        let second = make(name, try groups())
        withoutGradients {
            for (to, from) in zip(second.parameters, first.parameters) { to.copy(from: from.detached()) }
        }
        try second.load(copies(first.state()))
        try train(second, from: 5)
        #expect(differences(copies(second.state()), copies(whole.state())) == [])
        for (a, b) in zip(whole.parameters, second.parameters) { expectEqual(a.detached(), b.detached()) }
    }

    @Test(arguments: ["adamw", "sgd"])
    func aStateThatDoesNotFitIsRefusedWhole(name: String) throws {
        let optimizer = make(name, try groups())
        try train(optimizer, to: 2)
        let before = copies(optimizer.state())
        var other = before.mapValues { $0 + 1 }
        let missing = try #require(other.keys.sorted().first { !$0.hasSuffix("/steps") })
        other[missing] = nil
        other["surplus"] = Tensor(0)
        let error = #expect(throws: TrainingError.self) { try optimizer.load(other) }
        #expect(error?.code == .unfittingState)
        #expect(error?.reason.contains("missing \(missing)") == true)
        #expect(error?.reason.contains("unused surplus") == true)
        #expect(differences(copies(optimizer.state()), before) == [])
    }

    /// Weight decay first, on everything, and a first beta that moves: as fastai trains.
    @Test func adamIsFastais() throws {
        let adam = try OriginalValues.read().adam
        let keys = adam.start.keys.sorted()
        let tensors = try keys.map { Tensor(try #require(adam.start[$0])).requireGradient() }
        let group = ParameterGroup(
            name: "all", parameters: zip(keys, tensors).map { ($0, $1) }, rate: adam.lr, weightDecay: adam.wd)
        let optimizer = AdamW([group], beta2: adam.beta2)
        for (step, expected) in adam.steps.enumerated() {
            for (key, tensor) in zip(keys, tensors) {
                tensor.setGradient(Tensor(try #require(adam.gradients[step][key])))
            }
            optimizer.step(StepSettings(momentum: adam.beta1[step]), gradientDivisor: nil, skip: nil)
            for (key, tensor) in zip(keys, tensors) {
                expectClose(tensor.detached(), Tensor(try #require(expected[key])), absolute: 1e-6, "\(step) \(key)")
            }
        }
    }

    @Test func vectorsDoNotDecay() {
        let groups = ParameterGroup.of(tinyNetwork(), rate: 0.1, weightDecay: 0.5)
        #expect(groups.map(\.name) == ["all", "all.vectors"])
        #expect(groups.map(\.weightDecay) == [0.5, 0])
        #expect(groups.map { $0.parameters.map(\.name) } == [["weight"], ["bias"]])
    }
}
