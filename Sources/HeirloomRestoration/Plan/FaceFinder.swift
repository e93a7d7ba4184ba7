public import HeirloomModels
import HeirloomTensors

/// Finds the frames of a film that show a face, among the small pictures that a survey keeps.
///
/// A finder blocks and belongs to one thread.
public final class FaceFinder {
    private let network: MTCNN

    /// Scores below this are no faces to show: what the network proposes on foliage and rubble stays below it.
    static let surest = 0.9
    /// The smallest face that is looked for: this many pixels of a picture's 320.
    static let smallest = 20.0
    /// Seconds that looking for faces may take.
    public static let seconds = 4.0

    /// A finder around a network.
    public init(_ network: MTCNN) { self.network = network }

    /// The faces in a picture, the surest first.
    public func faces(in picture: SurveyedPicture) -> [DetectedFace] {
        let samples = picture.luma.map { Float($0) / 255 }
        return network.faces(
            in: Tensor(samples, shape: [1, 1, picture.height, picture.width]), smallest: Self.smallest
        ).filter { $0.score >= Self.surest }
    }

    /// Looks at pictures until the time is over, first at some from everywhere in the film.
    ///
    /// - Parameters:
    ///   - pictures: in the order of time.
    ///   - seconds: how long it may take; one picture is looked at in any case.
    ///   - check: called between pictures; what it throws ends the search.
    /// - Returns: the frames with a face and how much of it they show, in no order.
    /// - Throws: what `check` throws, and `TorchError` for what the engine cannot do.
    public func search(
        _ pictures: [SurveyedPicture], seconds: Double = FaceFinder.seconds, check: () throws -> Void = {}
    ) throws -> [FaceSighting] {
        let start = ContinuousClock.now
        var sightings: [FaceSighting] = []
        for index in Self.spread(pictures.count) {
            try check()
            let picture = pictures[index]
            let found = try recovering { faces(in: picture) }
            let best = found.map { FaceSighting(frame: picture.frame, face: $0, in: picture) }
                .max { $0.prominence < $1.prominence }
            if let best { sightings.append(best) }
            if (ContinuousClock.now - start) / .seconds(1) > seconds { break }
        }
        return sightings
    }

    /// The numbers below a count in an order that is spread evenly wherever it stops: by their digits read backwards.
    static func spread(_ count: Int) -> [Int] {
        let digits = count > 1 ? Int.bitWidth - (count - 1).leadingZeroBitCount : 0
        return (0..<1 << digits).map { number in
            (0..<digits).reduce(0) { $0 << 1 | (number >> $1) & 1 }
        }.filter { $0 < count }
    }
}
