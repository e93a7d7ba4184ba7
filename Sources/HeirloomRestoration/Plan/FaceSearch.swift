import HeirloomModels
import HeirloomWorkers

/// The search for faces in a plan: what it found, or why there was none.
struct FaceSearch: Sendable {
    /// The frames with a face.
    var sightings: [FaceSighting] = []
    /// Sentences for the plan where faces could not be looked for.
    var findings: [String] = []

    /// Most small pictures that a survey keeps for it: about 7 MB.
    static let pictures = 96

    /// Looks for faces, on a thread of its own.
    ///
    /// A plan is worth having without faces: where the network is missing or damaged, a finding says so.
    /// - Parameter pretrained: finds the weights.
    /// - Throws: `CancellationError` when stopped.
    static func run(
        _ pictures: [SurveyedPicture], _ monitor: JobMonitor,
        pretrained: @escaping @Sendable () throws -> Pretrained = { try Pretrained.standard() }
    ) async throws -> FaceSearch {
        guard !pictures.isEmpty else { return FaceSearch() }
        do {
            return try await Worker(name: "faces") {
                let known = try pretrained()
                guard let network = try known.faceNetwork(report: { monitor.tell($0) }) else {
                    let remedy = known.faceModel.map { ": 'heirloom models fetch \($0.name)' brings what finds them" }
                    return FaceSearch(findings: ["Faces were not looked for\(remedy ?? "")."])
                }
                let sightings = try FaceFinder(network).search(pictures) { try monitor.flag.check() }
                return FaceSearch(sightings: sightings)
            }.run { $0 }
        } catch let error as CancellationError {
            throw error
        } catch {
            return FaceSearch(findings: ["Faces were not looked for: \(error)"])
        }
    }
}
