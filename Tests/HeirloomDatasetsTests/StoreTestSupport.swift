import HeirloomDatasets
import TestSupport

/// A picture for tests: pixels that say where they come from, red the column, green the row, blue the picture.
struct TestPicture {
    let width: Int, height: Int
    var group: String?
    var label: Int?
    var source = PackedMetadata.Source(name: "painted", licence: "public domain")

    func pixels(blue: Int) -> [UInt8] {
        (0..<height).flatMap { y in (0..<width).flatMap { x in [UInt8(x), UInt8(y), UInt8(blue)] } }
    }
}

/// Writes a store of such pictures.
func writeStore(_ pictures: [TestPicture], to path: String) throws {
    let writer = try PackedStoreWriter(path: path)
    for (index, picture) in pictures.enumerated() {
        try picture.pixels(blue: index).withUnsafeBytes {
            try writer.append(
                pixels: $0, width: picture.width, height: picture.height, name: "picture-\(index).png",
                source: picture.source, group: picture.group, label: picture.label)
        }
    }
    try writer.finish()
}

extension TemporaryFolder {
    /// A store of such pictures in the folder.
    func store(_ pictures: [TestPicture], name: String = "test.pack") throws -> PackedStore {
        try writeStore(pictures, to: file(name))
        return try PackedStore(contentsOf: file(name))
    }
}
