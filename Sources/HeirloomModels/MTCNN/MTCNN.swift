public import HeirloomLayers
public import HeirloomTensors

/// A published cascade of three small networks that finds faces (see this folder's README).
///
/// ``faces(in:smallest:)`` does all of it.
public final class MTCNN: Module, BuildableModel {
    /// What was built.
    public let configuration: MTCNNConfiguration
    let proposer: FaceProposer
    let refiner: FaceJudge
    let judge: FaceJudge

    /// Builds the networks.
    /// - Parameter generator: Nil leaves zeros, for weights that are loaded from a file at once.
    public init(_ configuration: MTCNNConfiguration = .init(), using generator: Generator?) {
        self.configuration = configuration
        proposer = FaceProposer(using: generator)
        refiner = FaceJudge(.refinement, using: generator)
        judge = FaceJudge(.output, using: generator)
    }

    /// The network's name in files.
    public var architecture: String { "mtcnn" }

    /// What a caller has to know to run it.
    public var description: ModelDescription {
        ModelDescription(task: "faces", inputChannels: 3, outputChannels: 0, dtypes: [.float32])
    }

    /// What the published weights expect: a picture in 0...1 → `(255·x − 127.5) / 128`.
    static func normalized(_ picture: Tensor) -> Tensor { picture * 1.9921875 - 0.99609375 }
}
