public import HeirloomTensors

/// A batch of recordings made from clean speech, with what a network should make of them.
public struct SoundScene {
    /// What the network sees: a recording, or what a beamformer made of several. Float32 `[N, L]`, ±1.
    public var degraded: Tensor
    /// What it should say: the speech with the first 50 ms of its reflections, at the level, polarity and phase it has in
    /// `degraded`, without noise and colour, sample for sample at the same time. Float32 `[N, L]`.
    public var target: Tensor
    /// What the beamformer took away from the reference microphone; zeros where there was one microphone only.
    /// Float32 `[N, L]`.
    public var auxiliary: Tensor
    /// Power of the direct sound and the first 50 ms over the power of the later reflections, in dB, −30...60. Float32 `[N]`.
    public var clarity: Tensor
    /// What was done to each crop.
    public var damages: [SoundDamage]
}
