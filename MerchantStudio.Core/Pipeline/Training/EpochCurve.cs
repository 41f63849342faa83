using MerchantStudio.Core.Learning;

namespace MerchantStudio.Core.Pipeline.Training;

/// <summary>Epochs of a network as points of the curve that is drawn.</summary>
internal sealed class EpochCurve(IProgress<LearningStep> next) : IProgress<Learning.Networks.TrainingProgress>
{
    public void Report(Learning.Networks.TrainingProgress value) => next.Report(new LearningStep(value.Epoch, value.Epochs, value.TrainingLoss, value.ValidationLoss));
}
