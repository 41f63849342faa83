using System.Globalization;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using MerchantStudio.Components.Kit;
using MerchantStudio.Localization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.HtmlRendering.Infrastructure;
using Microsoft.AspNetCore.Components.RenderTree;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Components.Web.HtmlRendering;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.JSInterop;

namespace MerchantStudio.Tests.Kit;

/// <summary>Renders components without a browser, raises their events and reads the HTML. Nothing runs after rendering: scripts stay out.</summary>
internal sealed class ComponentHost : StaticHtmlRenderer
{
    private HtmlRootComponent _root;

    private ComponentHost(IServiceProvider services) : base(services, NullLoggerFactory.Instance)
    {
    }

    /// <param name="add">Services that the component asks for beside the kit's own.</param>
    public static ComponentHost Create(Action<IServiceCollection>? add = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<Texts>().AddSingleton(TimeProvider.System).AddSingleton<Toasts>();
        services.AddSingleton<IJSRuntime, NoBrowser>().AddSingleton<Downloads>();
        services.AddSingleton<NavigationManager, FixedAddress>();
        add?.Invoke(services);
        return new ComponentHost(services.BuildServiceProvider());
    }

    /// <summary>The component's HTML once its first rendering has settled.</summary>
    public async Task<IElement> RenderAsync(RenderFragment content)
    {
        _root = await Dispatcher.InvokeAsync(() => BeginRenderingComponent(typeof(Fragment), ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(Fragment.Content)] = content })));
        await Dispatcher.InvokeAsync(() => _root.QuiescenceTask);
        return await ReadAsync();
    }

    public Task<IElement> ReadAsync() => Dispatcher.InvokeAsync(() =>
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        _root.WriteHtmlTo(text);
        return (IElement)new HtmlParser().ParseDocument($"<body>{text}</body>").Body!;
    });

    /// <summary>Raises an event on the nth element that handles it (in the order of the page), and reads the page again.</summary>
    public async Task<IElement> RaiseAsync(string eventName, int number, EventArgs arguments)
    {
        await Dispatcher.InvokeAsync(() => DispatchEventAsync(Handlers(eventName)[number], null, arguments, waitForQuiescence: true));
        return await ReadAsync();
    }

    public Task<IElement> ClickAsync(int number) => RaiseAsync("onclick", number, new MouseEventArgs());

    private List<ulong> Handlers(string eventName)
    {
        var found = new List<ulong>();
        Collect(_root, found);
        return found;

        void Collect(HtmlRootComponent root, List<ulong> into) => Walk(ComponentId(root), into);

        void Walk(int component, List<ulong> into)
        {
            var frames = GetCurrentRenderTreeFrames(component);
            for (var index = 0; index < frames.Count; index++)
            {
                ref var frame = ref frames.Array[index];
                if (frame.FrameType == RenderTreeFrameType.Component) Walk(frame.ComponentId, into);
                else if (frame.FrameType == RenderTreeFrameType.Attribute && frame.AttributeName == eventName && frame.AttributeEventHandlerId != 0) into.Add(frame.AttributeEventHandlerId);
            }
        }
    }

    private static int ComponentId(HtmlRootComponent root) =>
        (int)typeof(HtmlRootComponent).GetField("_componentId", System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)!.GetValue(root)!;

    private sealed class Fragment : IComponent
    {
        private RenderHandle _handle;

        public RenderFragment? Content { get; set; }

        public void Attach(RenderHandle renderHandle) => _handle = renderHandle;

        public Task SetParametersAsync(ParameterView parameters)
        {
            _handle.Render(parameters.GetValueOrDefault<RenderFragment>(nameof(Content))!);
            return Task.CompletedTask;
        }
    }

    private sealed class FixedAddress : NavigationManager
    {
        public FixedAddress() => Initialize("http://localhost/", "http://localhost/w/shop");
    }

    private sealed class NoBrowser : IJSRuntime
    {
        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, object?[]? args) => throw new InvalidOperationException($"{identifier} was called without a browser.");

        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, CancellationToken cancellationToken, object?[]? args) => InvokeAsync<TValue>(identifier, args);
    }
}
