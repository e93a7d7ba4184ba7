import HeirloomTensors

/// A family of foreign weights: how its files are recognised, what their names mean, and the network that their shapes
/// make.
public struct WeightFamily: Sendable {
    /// The network, one of ``Registry/architectures``.
    public let architecture: String
    /// The foreign names and ours.
    public let keys: KeyTable
    /// Foreign names that are in every file of the family and of no other.
    let markers: [String]
    /// The configuration, as JSON, that the shapes (by our names) make.
    let configuration: @Sendable (Shapes) throws(CheckpointError) -> String
    /// What is kept of a file, by its foreign names; leaves out what the network has no use for. Nil keeps everything and
    /// reads it piece by piece.
    var prepared: (@Sendable ([String: Tensor]) throws -> [String: Tensor])?

    /// Shapes by our names.
    struct Shapes {
        let byName: [String: [Int]]

        /// The shape of a tensor that must be there with so many axes.
        func shape(_ name: String, rank: Int) throws(CheckpointError) -> [Int] {
            guard let shape = byName[name] else {
                throw CheckpointError(.keys, reason: "the tensor that becomes \(name) is missing")
            }
            guard shape.count == rank, !shape.contains(where: { $0 < 1 || $0 > 1 << 20 }) else {
                throw CheckpointError(
                    .keys, reason: "the tensor that becomes \(name) has the shape \(shape), not one of \(rank) axes")
            }
            return shape
        }

        /// One more than the largest number that fills the place of a pattern such as `body.{0}.{*}`, at most 2²⁰ + 1.
        func count(_ pattern: String) -> Int {
            let numbers = byName.keys.compactMap { KeyTable.match($0, pattern)?["{0}"].map { Int($0) ?? .max } }
            return min(numbers.max() ?? -1, 1 << 20) + 1
        }
    }

    /// Every family, in the order in which files are compared with them.
    public static let all: [WeightFamily] =
        RRDBNet.families + DeOldifyGenerator.families
        + [
            SRVGGNetCompact.family, UNetDiscriminatorSN.family, VGG16BN.family, DeOldifyCritic.family,
            DeepFilterNet3.family, MTCNN.family,
        ]

    /// The family of a file's names, nil for another network.
    static func of(_ names: Set<String>) -> WeightFamily? {
        all.first { family in family.markers.allSatisfy(names.contains) }
    }
}
