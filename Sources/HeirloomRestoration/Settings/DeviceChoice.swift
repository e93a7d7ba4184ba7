import HeirloomTensors

/// Where networks compute, as a user names it.
public struct DeviceChoice: Sendable, Hashable, CustomStringConvertible {
    private let device: Device?

    /// The best device of this machine.
    public static let auto = DeviceChoice(device: nil)
    /// The main processor.
    public static let cpu = DeviceChoice(device: .cpu)

    private init(device: Device?) { self.device = device }

    /// Reads `auto`, `cpu`, `cuda`, `cuda:1` or `mps`; nil for anything else.
    public init?(_ text: String) {
        if text.lowercased() == "auto" {
            self = .auto
        } else if let device = Device(text) {
            self.device = device
        } else {
            return nil
        }
    }

    /// The name, as it is written on the command line.
    public var description: String { device?.description ?? "auto" }

    /// Throws unless the device can be used here.
    ///
    /// - Throws: `deviceUnavailable` with the reason.
    public func check() throws { _ = try resolved() }

    /// The device itself.
    func resolved() throws -> Device {
        guard let device else { return .best }
        do {
            try device.validate()
        } catch {
            // A reason is a sentence of its own; here another part follows it.
            let reason = error.reason.hasSuffix(".") ? String(error.reason.dropLast()) : error.reason
            throw RestorationError(
                .deviceUnavailable, "Cannot compute on '\(device)': \(reason); leave the device out or use 'cpu'.")
        }
        return device
    }
}
