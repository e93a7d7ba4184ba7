/// What happens in a training run.
public enum TrainingEvent {
    /// A phase begins or goes on.
    case phase(index: Int, of: Int, TrainingPhase)
    /// Steps were done.
    case progress(TrainingProgress)
    /// The stop rule judged the network.
    case checked(StopCheck)
    /// A phase was judged; nil as a phase stands for the network before training.
    case validated(phase: Int?, any TrainingFigures)
    /// The network was compared with the one that the run started from.
    case verdict(Verdict)
    /// Something that the user should know, as a sentence.
    case note(String)
    /// A model was written.
    case saved(path: String)
}
