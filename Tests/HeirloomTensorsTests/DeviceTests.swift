import HeirloomTensors
import Testing

/// Names of devices, and what this machine says about them.
@Suite struct DeviceTests {
    @Test(arguments: [
        ("cpu", Device.cpu), ("CPU", .cpu), ("cpu:0", .cpu), ("cuda", .cuda), ("cuda:0", .cuda),
        ("cuda:3", Device(.cuda, index: 3)), ("mps", .mps),
    ])
    func reads(_ text: String, _ expected: Device) {
        #expect(Device(text) == expected)
        #expect(Device(expected.description) == expected)
    }

    @Test(arguments: ["", "gpu", "cuda:", "cuda:-1", "cuda:x", "cuda:1:2", "cpu:1", "mps:1", ":", " cpu"])
    func refuses(_ text: String) { #expect(Device(text) == nil) }

    @Test func theCPUIsAlwaysThere() throws {
        try Device.cpu.validate()
        let memory = try Device.cpu.memory()
        #expect(memory.total >= 1 << 28 && memory.free > 0 && memory.free <= memory.total)
        Device.cpu.synchronize()
        Device.cpu.releaseCachedMemory()
        #expect(Tensor.ones([1]).device == .cpu)
        try Device.best.validate()
    }

    @Test func aGPUThatIsNotThereIsRefusedWithTheReason() throws {
        let missing = Device(.cuda, index: Device.cudaCount)
        let error = #expect(throws: TorchError.self) { try missing.validate() }
        let failure = try #require(error)
        #expect(failure.code == .deviceUnavailable)
        #expect(failure.operation == "device \(missing)")
        if let reason = Device.cudaUnavailableReason {
            #expect(failure.reason == reason && reason.hasSuffix("."))
        } else {
            #expect(failure.reason.contains("CUDA device"))
        }
        #expect(throws: TorchError.self) { try missing.memory() }
        #expect(throws: TorchError.self) { try recovering { Tensor.zeros([1], device: missing) } }
        #expect(throws: TorchError.self) { try recovering { Tensor.zeros([1]).to(device: missing) } }
    }

    @Test(.enabled(if: Device.cudaCount == 0, "this machine has a CUDA device"))
    func pinnedMemoryNeedsAGPU() {
        let error = #expect(throws: TorchError.self) { try recovering { Tensor.zeros([1]).pinned() } }
        #expect(error?.description.contains("CUDA") == true)
    }

    @Test(.tags(.gpu), .enabled(if: Device.cudaCount > 0, "no CUDA device: \(Device.cudaUnavailableReason ?? "")"))
    func cudaHoldsTensors() throws {
        let pinned = Tensor.range(to: 5).pinned()
        let there = pinned.to(device: .cuda, nonblocking: true)
        Device.cuda.synchronize()
        #expect(there.device == .cuda && there.summary == "float32[5]@cuda")
        #expect(there.floats == [0, 1, 2, 3, 4] && !there.isEqual(to: pinned))
        #expect(try Device.cuda.memory().free > 0)
        let generator = Generator(seed: 3, device: .cuda)
        let state = generator.state
        let drawn = Tensor.normal([9], using: generator)
        generator.state = state
        #expect(drawn.device == .cuda && Tensor.normal([9], using: generator).isEqual(to: drawn))
        Device.cuda.releaseCachedMemory()
        let error = #expect(throws: TorchError.self) {
            try recovering { Tensor.empty([1 << 20, 1 << 20], device: .cuda) }
        }
        #expect(error?.code == .outOfMemory)
    }

    @Test func theRuntimeDescribesItself() {
        #expect(Runtime.version.hasPrefix("2.11."))
        #expect(!Runtime.cpuCapability.isEmpty)
        #expect(Runtime.threads >= 1)
    }

    @Test func threadsCanBeSet() async {
        // A setting of the process: in one of its own.
        await #expect(processExitsWith: .success) {
            Runtime.threads = 1
            #expect(Runtime.threads == 1)
            Runtime.threads = 0
            #expect(Runtime.threads == 1)
            Runtime.setTF32(allowed: true)
            Runtime.setDeterministic(true)
            let x = Tensor.ones([1, 1, 3, 3])
            #expect(x.conv2d(x).item() == 9)
        }
    }
}
