import HeirloomDatasets

/// A picture file that was found, with what the manifest beside it says.
struct PictureFile: Sendable, Equatable {
    /// How to open it.
    let path: String
    /// Its name in the store: the path below the folder that the caller named.
    let name: String
    let group: String?
    /// The number of its class, where the manifest or its folder's name says one.
    let label: Int?
    let source: PackedMetadata.Source
}
