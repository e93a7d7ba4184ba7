import Foundation
public import HeirloomTensors

/// The golden files in `Tests/Fixtures`, each in a folder with the script that made it.
public enum Fixture {
    /// The path of a file or folder, such as `layers/layers.safetensors`.
    public static func path(_ name: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures").appending(path: name).path
    }

    /// The tensors of a safetensors file.
    public static func tensors(_ name: String) throws -> [String: Tensor] {
        try SafetensorsFile(path: path(name)).tensors()
    }

    /// The bytes of a file.
    public static func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(filePath: path(name))))
    }
}
