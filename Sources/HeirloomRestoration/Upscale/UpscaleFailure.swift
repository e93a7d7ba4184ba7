import HeirloomTensors

/// What is said when libtorch could not enlarge something.
enum UpscaleFailure {
    static func error(_ error: TorchError, naming name: String) -> RestorationError {
        guard error.code == .outOfMemory else {
            return RestorationError(.frameFailed, "Cannot enlarge \(name): \(error.description).")
        }
        return RestorationError(
            .outOfMemory,
            "Cannot enlarge \(name): memory ran out even with the smallest tiles; close other programs, or use --device cpu."
        )
    }
}
