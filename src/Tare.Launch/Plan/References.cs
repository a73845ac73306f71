namespace Tare.Launch;

/// <summary>What a step refers to. One object is used for one step after the other, so that looking costs no memory.</summary>
internal sealed class References
{
    /// <summary>Where the step may lead.</summary>
    public List<Label> Targets { get; } = [];

    /// <summary>The slots that it reads.</summary>
    public List<Slot> Slots { get; } = [];

    /// <summary>The scratch memory that it reads or writes.</summary>
    public List<Scratch> Memory { get; } = [];

    /// <summary>Looks at a step and forgets the one before.</summary>
    public void Of(Step step)
    {
        Targets.Clear();
        Slots.Clear();
        Memory.Clear();
        switch (step)
        {
            case CallStep call:
                OfCall(call);
                break;
            case CheckStep check:
                Memory.Add(check.Memory);
                if (check.Otherwise is { } otherwise)
                {
                    Targets.Add(otherwise);
                }

                break;
            case StoreStep store:
                Slots.Add(store.Source);
                Memory.Add(store.Memory);
                break;
            case AddressStep pointer:
                Memory.Add(pointer.Source);
                Memory.Add(pointer.Memory);
                break;
            case JumpStep jump:
                Targets.Add(jump.Target);
                break;
        }
    }

    private void OfCall(CallStep call)
    {
        foreach (Argument argument in call.Arguments)
        {
            if (argument.Slot is { } slot)
            {
                Slots.Add(slot);
            }
            else if (argument.Memory is { } memory)
            {
                Memory.Add(memory);
            }
        }

        foreach (Branch branch in call.Branches)
        {
            Targets.Add(branch.Target);
        }
    }
}
