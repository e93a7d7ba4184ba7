import HeirloomLayers
public import HeirloomTensors

/// Runs the colour network with random weights on a device and compares it with the CPU in float32.
///
/// Black pictures and NaN from half-supported GPUs are among the most frequent complaints about tools of this kind; this
/// finds them in a second.
public struct DeviceSelfTest: Sendable {
    /// The device that was tested.
    public let device: Device
    /// The arithmetic that was tested.
    public let dtype: DType
    /// Root mean square of the difference to the CPU, as a share of the output's deviation; NaN where the device gave NaN
    /// or infinity.
    public let error: Double
    /// What may be: 1e-4 in float32. Half precision is rounded in some 60 layers, and random weights do not average that
    /// out as trained ones do (measured: 15 % in bfloat16): a quarter still tells a wrong result, which is off by 100 %.
    public let tolerance: Double

    /// Whether the device computes what the CPU computes.
    public var passed: Bool { error <= tolerance }

    /// Tests a device.
    /// - Parameter dtype: `float32`, `bfloat16` or `float16`.
    /// - Throws: ``TorchError`` when the device is not there or runs out of memory.
    public init(_ device: Device, dtype: DType = .float32) throws {
        try device.validate()
        self.device = device
        self.dtype = dtype
        tolerance = dtype == .float32 ? 1e-4 : 0.25
        error = try recovering {
            withoutGradients {
                let generator = Generator(seed: 7)
                let network = ColorUNet(ColorUNetConfiguration(), using: generator)
                let luma = Tensor.uniform([1, 1, 96, 128], using: generator)
                network.train(false)
                let expected = network(luma)
                let tested = network.preparedForInference(device: device, dtype: dtype, format: .channelsLast)
                let result = tested(luma.to(dtype: dtype, device: device).contiguous(.channelsLast))
                    .to(dtype: .float32, device: .cpu)
                guard result.isFinite().all().item() != 0 else { return .nan }
                let difference = (result - expected).squared().mean().sqrt().item()
                return difference / max(expected.standardDeviation().item(), 1e-12)
            }
        }
    }
}

extension DeviceSelfTest {
    /// Device and arithmetic, such as `cpu bfloat16`.
    public var name: String { "\(device) \(dtype)" }

    /// Tests every device of a machine in every arithmetic that is worth using on it.
    public static func all(on machine: MachineReport) -> [Result<DeviceSelfTest, any Error>] {
        var cases: [(Device, DType)] = [(.cpu, .float32)]
        if machine.cpuHasBFloat16 { cases.append((.cpu, .bfloat16)) }
        for gpu in machine.gpus.compactMap({ Device($0.name) }) {
            cases += [(gpu, .float32), (gpu, .float16)]
        }
        return cases.map { device, dtype in Result { try DeviceSelfTest(device, dtype: dtype) } }
    }
}
