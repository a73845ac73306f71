using System.Text.Json;
using Tare.Linux.Abi;

namespace Tare.Launch.Printing;

/// <summary>One step as a JSON object.</summary>
internal static class StepJson
{
    /// <summary>Writes the object; <paramref name="number"/> counts from 1.</summary>
    public static void Write(LaunchPlan plan, int number, Utf8JsonWriter json)
    {
        Step step = plan.Steps[number - 1];
        json.WriteStartObject();
        json.WriteNumber("step", number);
        json.WriteString("group", step.Group);
        json.WriteString("words", step.Words);
        switch (step)
        {
            case CallStep call:
                WriteCall(call, json);
                break;
            case CheckStep check:
                WriteCheck(check, json);
                break;
            case StoreStep store:
                json.WriteString("kind", "store");
                json.WriteNumber("slot", store.Source.Index);
                WritePlace(store.Memory, store.Offset, store.Width, json);
                break;
            case AddressStep pointer:
                json.WriteString("kind", "address");
                json.WriteNumber("source", pointer.Source.Index);
                WritePlace(pointer.Memory, pointer.Offset, 8, json);
                break;
            case JumpStep jump:
                json.WriteString("kind", "jump");
                WriteGoal(jump.Target, json);
                break;
            case GateStep gate:
                json.WriteString("kind", "gate");
                json.WriteNumber("gate", gate.Gate);
                break;
            case MoveGatesStep move:
                json.WriteString("kind", "moveGates");
                json.WriteNumber("number", move.Number);
                break;
            case MoveSealStep move:
                json.WriteString("kind", "moveSeal");
                json.WriteNumber("number", move.Number);
                break;
            case SpawnStep spawn:
                json.WriteString("kind", "spawn");
                json.WriteString("flags", EnumWords.Of(LaunchFlags.OfSpawned(plan, spawn)));
                break;
            case SealStep seal:
                json.WriteString("kind", "seal");
                json.WriteNumber("image", seal.Image.Index);
                json.WriteStartArray("kept");
                foreach (Slot slot in plan.Sealed!.Kept)
                {
                    json.WriteNumberValue(slot.Index);
                }

                json.WriteEndArray();
                break;
            case FailStep fail:
                json.WriteString("kind", "fail");
                json.WriteString("errno", fail.Errno.ToString());
                break;
            default:
                throw new InvalidOperationException($"a step of type {step.GetType().Name} has no JSON");
        }

        json.WriteEndObject();
    }

    private static void WriteCall(CallStep step, Utf8JsonWriter json)
    {
        json.WriteString("kind", "call");
        json.WriteString("call", step.Call.ToString());
        json.WriteStartArray("arguments");
        for (int i = 0; i < step.Arguments.Length; i++)
        {
            ArgumentJson.Write(step.Call, i, step.Arguments[i], json);
        }

        json.WriteEndArray();
        if (step.Result is { } result)
        {
            json.WriteNumber("result", result.Index);
        }

        if (!step.Tolerated.IsEmpty)
        {
            json.WriteStartArray("tolerated");
            foreach (Errno errno in step.Tolerated)
            {
                json.WriteStringValue(errno.ToString());
            }

            json.WriteEndArray();
        }

        if (!step.Branches.IsEmpty)
        {
            json.WriteStartArray("branches");
            foreach (Branch branch in step.Branches)
            {
                json.WriteStartObject();
                json.WriteString("errno", branch.Errno.ToString());
                WriteGoal(branch.Target, json);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }
    }

    private static void WriteCheck(CheckStep step, Utf8JsonWriter json)
    {
        json.WriteString("kind", "check");
        WritePlace(step.Memory, step.Offset, step.Width, json);
        json.WriteString("mask", NumberWords.Hex((long)step.Mask));
        json.WriteString("expected", NumberWords.Hex((long)step.Expected));
        json.WriteBoolean("mustDiffer", step.MustDiffer);
        if (step.Otherwise is { } label)
        {
            json.WriteStartObject("otherwise");
            WriteGoal(label, json);
            json.WriteEndObject();
        }
        else
        {
            json.WriteString("failure", step.Failure.ToString());
        }
    }

    private static void WritePlace(Scratch memory, int offset, int width, Utf8JsonWriter json)
    {
        json.WriteNumber("memory", memory.Index);
        json.WriteNumber("offset", offset);
        json.WriteNumber("width", width);
    }

    private static void WriteGoal(Label label, Utf8JsonWriter json)
    {
        json.WriteNumber("to", label.Target + 1);
        json.WriteString("name", label.Name);
    }
}
