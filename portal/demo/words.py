"""Words that are easy to say, spell and type, for the demo's password."""

_LIST = """
acorn amber anchor apple apron april arrow aspen autumn bacon badge bagel bakery balcony bamboo banjo barley barn
basil basket beach beaver beetle berry birch biscuit blanket blossom bonfire border bottle branch bridge bronze brook
broom bucket butter button cabin cactus camel candle canoe canyon carbon carpet carrot castle cedar cello chalk cherry
chestnut cider circle citrus clay cliff clock clover coast cobalt coffee comet compass copper coral corner cotton
cradle crane crayon creek cricket crystal daisy dawn desert diamond dolphin donkey drum eagle easel echo elbow elder
ember engine falcon farm feather fern ferry fiddle field finch flame flint flower flute forest fossil fountain fox
garden garlic ginger glacier glove goose grain granite grape gravel guitar hammer harbor harvest hazel hedge heron
hickory hill honey horizon igloo indigo island ivory ivy jacket jasmine jigsaw juniper kayak kettle kitten ladder
lagoon lake lantern lark lava lemon lentil lilac lily lime linen lizard lobster lotus lumber magnet mango maple marble
market meadow melon mint mirror mitten moose morning moss mountain muffin mustard napkin nectar needle nickel noodle
nutmeg oak oasis oatmeal ocean olive onion opal orange orbit orchard otter owl paddle panda paper parade parsley
pasture peach pearl pebble pelican pencil pepper piano pigeon pillow pine planet plum pocket pond poplar poppy potato
prairie puddle pumpkin quartz quilt rabbit radish rain raven ribbon river robin rocket saddle saffron sail salmon sand
satin scarf shell shovel silver sky slate sparrow spoon spruce squash stone stream sugar summer sunset swan tangerine
teapot temple thistle thunder tiger timber tomato topaz tractor trumpet tulip tunnel turtle valley vanilla velvet
violet violin waffle walnut water weaver whale wheat willow window winter wolf wool yarrow zebra
"""
WORDS: tuple[str, ...] = tuple(_LIST.split())
