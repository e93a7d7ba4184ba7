/// Chroma between its own grid and that of luma along one axis, where it is halved.
///
/// Up goes linear interpolation at the siting, edges repeated. Down goes the short filter that inverts it: the analysis
/// filter to the linear spline (LeGall's 5/3) or to the quadratic one (CDF 3/1), so that chroma which was only enlarged
/// comes back as it was, and new detail is projected on what a player's interpolation can show.
struct ChromaFilter: Sendable {
    /// Weights of the chroma samples i − 1, i, i + 1 for the luma samples 2i and 2i + 1.
    let up: (even: [Float], odd: [Float])
    /// Weights of the luma samples 2i − 2 … 2i + 3 for chroma sample i.
    let down: [Float]
    private let place: ChromaSiting.Place

    /// - Precondition: chroma is halved along the axis.
    init(_ place: ChromaSiting.Place) {
        self.place = place
        switch place {
        case .each: preconditionFailure("chroma that is not halved needs no filter")
        case .first:
            up = ([0, 1, 0], [0, 0.5, 0.5])
            down = [-0.125, 0.25, 0.75, 0.25, -0.125, 0]
        case .middle:
            up = ([0.25, 0.75, 0], [0, 0.75, 0.25])
            down = [0, -0.25, 0.75, 0.75, -0.25, 0]
        case .second:
            up = ([0.5, 0.5, 0], [0, 1, 0])
            down = [0, -0.125, 0.25, 0.75, 0.25, -0.125]
        }
    }

    /// How luma samples go on behind the last of `length`: by this share of the last step.
    ///
    /// An odd length ends between two chroma samples, and repeating its edge would not invert the interpolation.
    func overshoot(of length: Int) -> Float {
        guard length % 2 == 1, length > 1 else { return 0 }
        switch place {
        case .each, .first: return 0
        case .middle: return 0.5
        case .second: return 1
        }
    }
}
