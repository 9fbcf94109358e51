{ lib }:
{
  id = x: x;
  const = x: _: x;
  flip =
    f: a: b:
    f b a;
  # A function, or a set that behaves as one.
  isFunction = f: builtins.isFunction f || (f ? __functor && lib.isFunction (f.__functor f));
  functionArgs = f: if f ? __functor then f.__functionArgs or (lib.functionArgs (f.__functor f)) else builtins.functionArgs f;
  min = x: y: if x < y then x else y;
  max = x: y: if x > y then x else y;
}
