using Xunit.Sdk;
using Xunit.v3;

// An attack and its victim need a processor each.
[assembly: Parallelization(Mode = ParallelMode.None)]
