namespace Tare.Linux;

/// <summary>A place in a program, to jump to. <see cref="BpfCode.Mark"/> says where it is.</summary>
public sealed class BpfLabel
{
    internal int Place { get; set; } = -1;
}
