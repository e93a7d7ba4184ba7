import HeirloomDatasets

/// A picture file that was found, with what the manifest beside it says.
struct PictureFile: Sendable, Equatable {
    /// How to open it.
    let path: String
    /// Its name in the store: the path below the folder that the caller named.
    let name: String
    let group: String?
    let source: PackedMetadata.Source
}
