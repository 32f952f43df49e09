extension StoryThesaurus {
  /// Playthings, vehicles, buildings and nature.
  static let places = """
    ball: round toy, sphere, bouncing toy, plaything
    toy: plaything, item for play, object of fun
    doll: toy figure, plaything, toy girl
    teddy: stuffed animal, soft toy, cuddly toy
    teddy bear: stuffed animal, soft toy, cuddly toy
    puzzle: brain-teaser, jigsaw, picture in pieces
    block: cube, building piece, brick
    kite: flying toy, windborne toy
    balloon: inflated toy, floating toy, airy bubble
    swing: hanging seat, playground seat
    slide: playground chute, slippery ramp
    game: contest, pastime, match, amusement
    race: contest, sprint, running competition
    prize: award, trophy, reward
    gift: present, surprise parcel, offering
    present: gift, surprise parcel, offering
    surprise: unexpected treat, shock
    party: celebration, festivity, gathering
    birthday: special day, anniversary, celebration
    picnic: outdoor meal, meal on the grass
    trip: journey, outing, excursion
    adventure: exciting journey, quest, exploit
    car: automobile, vehicle, motor vehicle, set of wheels
    truck: lorry, vehicle, large vehicle
    bus: public vehicle, passenger vehicle
    train: locomotive, railway, rail vehicle
    plane: aircraft, flying machine
    airplane: aircraft, flying machine
    boat: vessel, craft, small ship
    ship: vessel, large boat
    bike: bicycle, two-wheeler, cycle
    bicycle: bike, two-wheeler, cycle
    wagon: cart, wheeled carrier
    rocket: spacecraft, space vehicle
    wheel: round part, rolling disc
    house: home, dwelling, cottage, residence, building
    home: house, dwelling, abode, residence
    hut: small dwelling, shack, cabin
    castle: fortress, palace, royal home
    tower: tall building, high structure
    building: structure, edifice
    shop: store, place that sells things, seller's place
    store: shop, place that sells things
    market: bazaar, place with stalls
    school: place of lessons, classroom, academy
    hospital: place for the sick, clinic
    zoo: animal park, place with wild animals
    library: place with books, reading room
    farm: countryside place, land with animals
    town: village, settlement, small city
    village: small town, settlement, hamlet
    city: big town, metropolis
    kitchen: cooking room, place for cooking
    bedroom: sleeping room, chamber
    room: chamber, space
    bed: place to sleep, resting place, cot
    chair: seat, piece of furniture
    table: piece of furniture, surface for meals
    shelf: ledge, rack, board on the wall
    door: entrance, doorway, way in
    window: pane, glass opening
    wall: barrier, side of the building
    floor: ground, surface underfoot
    fence: barrier, railing, enclosure
    gate: entrance, way in
    stairs: steps, staircase
    ladder: set of rungs, climbing frame, steps
    roof: top of the building, covering
    bridge: crossing, span over water
    road: street, way, lane
    street: road, lane, thoroughfare
    path: trail, track, way
    yard: garden, outdoor space, lawn
    backyard: garden, outdoor space, lawn
    garden: yard, flower bed, plot, patch of greenery
    park: public garden, green space, playground, patch of greenery
    playground: place to play, play area, park
    field: meadow, open land, pasture
    meadow: grassy field, pasture
    forest: woods, woodland, land of trees
    woods: forest, woodland, land of trees
    jungle: wild forest, rainforest
    mountain: peak, high hill, summit
    hill: slope, rise, mound
    cave: cavern, grotto, dark hollow
    hole: opening, gap, pit, hollow
    tunnel: passage, underground way
    island: land in the sea, isle
    beach: shore, seaside, sandy coast
    sea: ocean, deep water, waves
    ocean: sea, deep water, waves
    lake: body of water, large pond
    pond: small lake, pool, body of water
    river: stream, waterway, flowing water
    stream: brook, creek, flowing water
    pool: swimming place, body of water
    puddle: pool of rainwater, collected rainwater, wet patch
    water: liquid, wetness, drink
    rain: shower, wet weather, drizzle, downpour
    rainbow: colourful arc, band of colours in the sky
    storm: bad weather, tempest, thunder and rain
    snow: white flakes, wintry blanket
    ice: frozen water, frozen surface
    wind: breeze, gust, moving air
    cloud: white puff in the sky, mist
    sky: heavens, air above
    sun: star of the day, daylight, golden orb
    moon: glowing orb of the night, night light in the sky
    star: twinkling light, light in the night sky
    fire: flames, blaze
    light: glow, brightness, lamp
    lamp: light, lantern
    night: darkness, dark hours, evening
    morning: start of the day, dawn, early hours
    sunset: dusk, end of the day
    day: daytime, date
    tree: trunk, branches, tall plant, oak, leafy giant
    bush: shrub, leafy plant
    branch: limb, bough, twig
    leaf: foliage, piece of greenery
    flower: blossom, bloom, petals
    rose: thorny bloom, fragrant blossom
    seed: grain, kernel, something to sow
    plant: growing thing, greenery
    grass: lawn, greenery, turf
    mud: wet dirt, mire, sludge
    sand: grains of the beach, sandy ground
    ground: earth, soil, floor
    rock: stone, boulder, pebble
    stone: rock, pebble, boulder
    stick: twig, piece of wood, rod
    wood: timber, lumber, planks
    log: piece of timber, trunk
    """
}
