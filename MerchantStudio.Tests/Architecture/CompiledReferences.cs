using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace MerchantStudio.Tests.Architecture;

/// <param name="Assembly">Null for the assembly itself.</param>
/// <param name="IsPublic">Known only for types of the assembly itself; true for others.</param>
internal sealed record TypeName(string? Assembly, string Namespace, string Name, bool IsPublic);

internal sealed record TypeUse(TypeName From, TypeName To);

/// <summary>Every use of one type by another in a compiled assembly: bases, members, locals and the instructions of method bodies.</summary>
internal sealed class CompiledReferences : IDisposable
{
    private static readonly Dictionary<short, OperandType> Operands = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value, code => code.OperandType);

    private readonly PEReader _file;
    private readonly MetadataReader _metadata;

    private CompiledReferences(string path)
    {
        _file = new PEReader(File.OpenRead(path));
        _metadata = _file.GetMetadataReader();
    }

    public static ImmutableArray<TypeUse> Read(string path)
    {
        using var reader = new CompiledReferences(path);
        return [.. reader.Uses().Where(use => use.From != use.To).Distinct()];
    }

    public static ImmutableArray<string> Assemblies(string path)
    {
        using var reader = new CompiledReferences(path);
        return [.. reader._metadata.AssemblyReferences.Select(handle => reader._metadata.GetString(reader._metadata.GetAssemblyReference(handle).Name))];
    }

    public void Dispose() => _file.Dispose();

    private IEnumerable<TypeUse> Uses()
    {
        foreach (var handle in _metadata.TypeDefinitions)
        {
            var from = Outermost(handle);
            foreach (var used in UsedBy(_metadata.GetTypeDefinition(handle))) yield return new(from, used);
        }
    }

    private List<TypeName> UsedBy(TypeDefinition type)
    {
        var collector = new SignatureTypes(this);
        var found = new List<TypeName>(Named(type.BaseType));
        foreach (var handle in type.GetInterfaceImplementations()) found.AddRange(Named(_metadata.GetInterfaceImplementation(handle).Interface));
        foreach (var handle in type.GetFields()) found.AddRange(_metadata.GetFieldDefinition(handle).DecodeSignature(collector, null));
        foreach (var handle in type.GetMethods())
        {
            var method = _metadata.GetMethodDefinition(handle);
            found.AddRange(Flat(method.DecodeSignature(collector, null)));
            if (method.RelativeVirtualAddress != 0) found.AddRange(UsedInBody(_file.GetMethodBody(method.RelativeVirtualAddress), collector));
        }
        return found;
    }

    private List<TypeName> UsedInBody(MethodBodyBlock body, SignatureTypes collector)
    {
        var found = new List<TypeName>();
        if (!body.LocalSignature.IsNil)
        {
            foreach (var local in _metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(collector, null)) found.AddRange(local);
        }
        var code = body.GetILReader();
        while (code.RemainingBytes > 0)
        {
            short value = code.ReadByte();
            if (value == 0xFE) value = unchecked((short)(0xFE00 | code.ReadByte()));
            switch (Operands[value])
            {
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType:
                    found.AddRange(Named(MetadataTokens.EntityHandle(code.ReadInt32())));
                    break;
                case OperandType.InlineSwitch:
                    var cases = code.ReadInt32();
                    code.Offset += cases * 4;
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    code.Offset += 8;
                    break;
                case OperandType.InlineBrTarget or OperandType.InlineI or OperandType.InlineSig or OperandType.InlineString or OperandType.ShortInlineR:
                    code.Offset += 4;
                    break;
                case OperandType.InlineVar:
                    code.Offset += 2;
                    break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    code.Offset += 1;
                    break;
            }
        }
        return found;
    }

    private IEnumerable<TypeName> Named(EntityHandle handle)
    {
        if (handle.IsNil) return [];
        var collector = new SignatureTypes(this);
        return handle.Kind switch
        {
            HandleKind.TypeDefinition => [Outermost((TypeDefinitionHandle)handle)],
            HandleKind.TypeReference => [Outer((TypeReferenceHandle)handle)],
            HandleKind.TypeSpecification => _metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(collector, null),
            HandleKind.MethodDefinition => Named(_metadata.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType()),
            HandleKind.FieldDefinition => Named(_metadata.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType()),
            HandleKind.MemberReference => Named(_metadata.GetMemberReference((MemberReferenceHandle)handle).Parent),
            HandleKind.MethodSpecification => OfMethod(_metadata.GetMethodSpecification((MethodSpecificationHandle)handle), collector),
            _ => [],
        };
    }

    private IEnumerable<TypeName> OfMethod(MethodSpecification method, SignatureTypes collector) =>
        Named(method.Method).Concat(method.DecodeSignature(collector, null).SelectMany(types => types));

    private static IEnumerable<TypeName> Flat(MethodSignature<ImmutableArray<TypeName>> signature) =>
        signature.ReturnType.Concat(signature.ParameterTypes.SelectMany(types => types));

    /// <summary>A nested type counts as the type that holds it.</summary>
    private TypeName Outermost(TypeDefinitionHandle handle)
    {
        var type = _metadata.GetTypeDefinition(handle);
        while (type.IsNested) type = _metadata.GetTypeDefinition(type.GetDeclaringType());
        var isPublic = (type.Attributes & TypeAttributes.VisibilityMask) == TypeAttributes.Public;
        return new(null, _metadata.GetString(type.Namespace), _metadata.GetString(type.Name), isPublic);
    }

    private TypeName Outer(TypeReferenceHandle handle)
    {
        var type = _metadata.GetTypeReference(handle);
        while (type.ResolutionScope.Kind == HandleKind.TypeReference) type = _metadata.GetTypeReference((TypeReferenceHandle)type.ResolutionScope);
        var assembly = type.ResolutionScope.Kind == HandleKind.AssemblyReference
            ? _metadata.GetString(_metadata.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name)
            : null;
        return new(assembly, _metadata.GetString(type.Namespace), _metadata.GetString(type.Name), true);
    }

    /// <summary>Collects the types that a signature names.</summary>
    private sealed class SignatureTypes(CompiledReferences owner) : ISignatureTypeProvider<ImmutableArray<TypeName>, object?>
    {
        public ImmutableArray<TypeName> GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => [owner.Outermost(handle)];

        public ImmutableArray<TypeName> GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => [owner.Outer(handle)];

        public ImmutableArray<TypeName> GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
            reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

        public ImmutableArray<TypeName> GetGenericInstantiation(ImmutableArray<TypeName> genericType, ImmutableArray<ImmutableArray<TypeName>> typeArguments) =>
            [.. genericType, .. typeArguments.SelectMany(types => types)];

        public ImmutableArray<TypeName> GetFunctionPointerType(MethodSignature<ImmutableArray<TypeName>> signature) => [.. Flat(signature)];

        public ImmutableArray<TypeName> GetModifiedType(ImmutableArray<TypeName> modifier, ImmutableArray<TypeName> unmodifiedType, bool isRequired) => [.. modifier, .. unmodifiedType];

        public ImmutableArray<TypeName> GetArrayType(ImmutableArray<TypeName> elementType, ArrayShape shape) => elementType;

        public ImmutableArray<TypeName> GetByReferenceType(ImmutableArray<TypeName> elementType) => elementType;

        public ImmutableArray<TypeName> GetPinnedType(ImmutableArray<TypeName> elementType) => elementType;

        public ImmutableArray<TypeName> GetPointerType(ImmutableArray<TypeName> elementType) => elementType;

        public ImmutableArray<TypeName> GetSZArrayType(ImmutableArray<TypeName> elementType) => elementType;

        public ImmutableArray<TypeName> GetGenericMethodParameter(object? genericContext, int index) => [];

        public ImmutableArray<TypeName> GetGenericTypeParameter(object? genericContext, int index) => [];

        public ImmutableArray<TypeName> GetPrimitiveType(PrimitiveTypeCode typeCode) => [];
    }
}
