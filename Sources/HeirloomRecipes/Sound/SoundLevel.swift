public import HeirloomTensors

/// The level that a spectral network is trained at.
public enum SoundLevel {
    /// What each sound is multiplied by so that the 99th percentile of its magnitudes is `level`: `[N, L]` → `[N, 1]`.
    /// Near silence is not raised by more than 60 dB.
    public static func gain(of sound: Tensor, to level: Double = 0.25) -> Tensor {
        let loud = max(1, sound.shape[1] / 100)
        let percentile = sound.abs().top(loud, axis: 1).values.min(axes: [1], keepingDimensions: true)
        return level / percentile.clamped(to: (level / 1000)...)
    }
}
