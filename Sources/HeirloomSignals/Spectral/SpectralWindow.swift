import Foundation
public import HeirloomTensors

/// The shape of the samples that one frame of a short-time spectrum sees.
public enum SpectralWindow: Sendable, Codable, Equatable {
    /// Hann's raised cosine, periodic: for analysis and synthesis with a hop of a quarter of the window.
    case hann
    /// The root of Hann's window: exact with a hop of half the window, too.
    case rootHann

    /// The window's values, in double precision.
    /// - Precondition: length is positive.
    public func values(_ length: Int) -> [Double] {
        precondition(length > 0, "a window has a positive length, not \(length)")
        return (0..<length).map { index in
            let raised = 0.5 - 0.5 * cos(2 * .pi * Double(index) / Double(length))
            return self == .hann ? raised : raised.squareRoot()
        }
    }

    /// The window as a tensor `[length]`, float32.
    public func tensor(_ length: Int) -> Tensor { Tensor(values(length).map(Float.init)) }
}
