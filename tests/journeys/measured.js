// Everything a person reads and touches, as the browser draws it: letters too small or too pale, targets too low,
// motion where nothing may move, nobody to call. Answers with what is wrong.
limits => {
    const wrong = [];
    const seen = one => one.getClientRects().length && getComputedStyle(one).visibility === 'visible';
    const brief = one => one.outerHTML.slice(0, 90);
    const channel = value => (value /= 255) <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
    const light = rgb => 0.2126 * channel(rgb[0]) + 0.7152 * channel(rgb[1]) + 0.0722 * channel(rgb[2]);
    const rgb = text => text.match(/[\d.]+/g).map(Number);
    const behind = one => {
        for (; one; one = one.parentElement) {
            const colour = rgb(getComputedStyle(one).backgroundColor);
            if (colour.length < 4 || colour[3] > 0) { return colour; }
        }
        return [255, 255, 255];
    };
    const contrast = one => {
        const pair = [light(rgb(getComputedStyle(one).color)), light(behind(one))].sort((a, b) => b - a);
        return (pair[0] + 0.05) / (pair[1] + 0.05);
    };
    document.querySelectorAll('body *').forEach(one => {
        if (!seen(one) || one.closest('.sr, .skip, option, noscript, svg')) { return; }
        const says = [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim());
        const takes = /^(INPUT|SELECT|TEXTAREA)$/.test(one.tagName) && !/^(radio|checkbox|file)$/.test(one.type);
        const style = getComputedStyle(one);
        if ((says || takes) && parseFloat(style.fontSize) < limits.letters) {
            wrong.push(`letters of ${style.fontSize}: ${brief(one)}`);
        }
        const pale = says ? contrast(one) : 21;
        if (pale < limits.contrast) { wrong.push(`contrast ${pale.toFixed(1)}: ${brief(one)}`); }
        const times = style.transitionDuration.split(', ').map(parseFloat);
        if (limits.still && (style.animationName !== 'none' || times.some(time => time > 0))) { wrong.push(`moves: ${brief(one)}`); }
    });
    document.querySelectorAll('a[href], button, input, select, textarea, summary').forEach(one => {
        if (one.type === 'hidden' || one.type === 'file' || one.closest('.skip') || !seen(one)) { return; }
        const box = (/^(radio|checkbox)$/.test(one.type) ? one.closest('label') : one).getBoundingClientRect();
        const least = one.matches(limits.main) ? limits.targets : limits.others;
        if (box.height < least - 0.5) { wrong.push(`target of ${box.height}: ${brief(one)}`); }
    });
    if (!document.querySelector('.v-foot a[href^="tel:"]')) { wrong.push('nobody to call'); }
    if (limits.still && document.getAnimations().length) { wrong.push('something moves'); }
    return wrong;
}
